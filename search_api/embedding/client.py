"""Asks the extractor for vectors: pooled connections, several addresses, patience with a service that is away."""

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ProtocolError

from imaging import Box
from search_api.embedding.retry import RetryableError, retrying
from wire.errors import IMAGE_ERRORS, STATUS
from wire.extraction import BATCH_ROUTE, REQUEST_ID_HEADER, BadAnswer, Rejected, batch_request, read_answer
from wire.vectors import Vector

T = TypeVar("T")

_CONNECT_SECONDS = 3.05
_PING_SECONDS = 10.0
_POOL = 32
_MAX_RETRY_AFTER = 30.0
_REJECTIONS = (*IMAGE_ERRORS, "bad_parameter")
_AWAY_FOR_A_MOMENT = (502, 503, 504)  # the extractor itself says 503 only, a proxy before it any of them
_MAX_CRASHES = 2  # right after the extractor was ready; the one before them may have been a restart


class ExtractorUnavailable(RuntimeError):
    """No address of the extractor answers in time."""


class BadAddress(ExtractorUnavailable):
    """What is given as the extractor's address is none."""


class NotAnExtractor(ExtractorUnavailable):
    """Something answers at the address, but not as an extractor does."""


class ExtractorCrashes(ExtractorUnavailable):
    """The extractor fails again and again in the middle of these images, and is ready in between."""


class ExtractorBusy(RuntimeError):
    """The extractor kept saying that it is busy until the deadline."""


class ImageRejected(ValueError):
    """The extractor refuses an image, or a parameter that goes with it, by name."""

    def __init__(self, reason: Rejected) -> None:
        super().__init__(reason.detail)
        self.error = reason.error if reason.error in STATUS else "extractor_unavailable"


@dataclass(frozen=True)
class Extraction:
    """For each image, in order, its vector (dim,) or why it has none; and the model's fingerprint."""

    items: Sequence[Vector | Rejected]
    fingerprint: str


@dataclass
class _Call:
    """What one call knows of the addresses: those still asked, and those that failed in the middle of it."""

    urls: list[str]
    crashed: set[str] = field(default_factory=set)
    crashes: int = 0  # of addresses that had been ready again since their last one

    def note_crash(self, url: str, failure: Exception) -> None:
        """Raise ExtractorBreaksDown once it happened so often that the images are to blame."""
        self.crashes += url in self.crashed
        self.crashed.add(url)
        if self.crashes >= _MAX_CRASHES:
            raise ExtractorCrashes(str(failure)) from failure


class ExtractorClient:
    """A client of one extractor behind one or several addresses, used by any number of threads.

    ``deadline`` is how many seconds a call keeps trying while the extractor cannot be reached, is starting (503) or
    busy (429); ``read_timeout`` is how long one answer may take. ``on_wait`` hears it when a call begins to wait.
    """

    def __init__(
        self,
        urls: Sequence[str],
        *,
        deadline: float,
        read_timeout: float = 120.0,
        on_wait: Callable[[str], object] = lambda _: None,
    ) -> None:
        self._urls = [_checked(url) for url in urls or [""]]
        self._turn = itertools.cycle(range(len(self._urls)))
        self._turn_lock = threading.Lock()
        self._deadline = deadline
        self._read_timeout = read_timeout
        self._on_wait = on_wait
        self._closing = threading.Event()
        self._session = requests.Session()
        self._session.trust_env = False  # an inner service: no proxy, no .netrc
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_connections=len(self._urls), pool_maxsize=_POOL))

    @property
    def addresses(self) -> int:
        """How many addresses share the load."""
        return len(self._urls)

    def embed(self, images: Sequence[bytes], box: Box | None = None, request_id: str = "") -> Extraction:
        """The vectors of ``images``.

        Raises ImageRejected when the request as a whole is refused, ExtractorBusy or ExtractorUnavailable when the
        deadline passes.
        """
        fields, files = batch_request(images, None if box is None else str(box))
        headers = {REQUEST_ID_HEADER: request_id} if request_id else {}

        def read(body: Any) -> Extraction:
            return Extraction(*read_answer(body, len(images)))

        return self._patiently("POST", BATCH_ROUTE, read, data=fields, files=files, headers=headers)

    def model(self) -> dict[str, Any]:
        """What GET /model answers."""
        return self._patiently("GET", "/model", _read_model)

    def ping(self) -> None:
        """Ask /readyz of the addresses until one is ready; raises ExtractorUnavailable when none is."""
        absence: ExtractorUnavailable | None = None
        for url in self._rotation():
            absence = self._absence_of(url)
            if absence is None:
                return
        assert absence is not None
        raise absence

    def close(self) -> None:
        """End all waiting: calls that are being retried fail now."""
        self._closing.set()
        self._session.close()

    def _patiently(self, method: str, route: str, read: Callable[[Any], T], **request: Any) -> T:
        call = _Call(self._rotation())
        started = time.monotonic()
        try:
            for attempt in retrying(self._deadline, self._closing, self._on_wait):
                with attempt:
                    left = max(self._deadline - (time.monotonic() - started), 1.0) / len(self._urls)
                    timeout = min(self._read_timeout, left)
                    return self._round(call, lambda url: self._once(url, method, route, read, timeout, **request))  # noqa: B023
        except RetryableError as again:
            raise again.failure from again
        raise AssertionError("tenacity ends with a result or an exception")

    def _round(self, call: _Call, ask: Callable[[str], T]) -> T:
        """Ask each address once until one answers; raises TryAgain when none does but one may later."""
        failures: list[RetryableError] = []
        for url in list(call.urls):
            absence = self._absence_of(url) if url in call.crashed else None
            if absence:  # it is being started again: no image is to blame for that
                failures.append(RetryableError(absence))
                continue
            try:
                return ask(url)
            except NotAnExtractor:
                call.urls.remove(url)
                if not call.urls:
                    raise
            except RetryableError as again:
                failures.append(again)
                if again.crash:
                    call.note_crash(url, again.failure)
        raise min(failures, key=lambda again: again.retry_after)

    def _rotation(self) -> list[str]:
        """All addresses, beginning with the next one each time."""
        with self._turn_lock:
            first = next(self._turn)
        return self._urls[first:] + self._urls[:first]

    def _absence_of(self, url: str) -> ExtractorUnavailable | None:
        """Return why the extractor at ``url`` is not ready, None when it is."""
        try:
            self._once(url, "GET", "/readyz", lambda _: None, _PING_SECONDS)
        except RetryableError as again:
            return ExtractorUnavailable(str(again.failure))
        except ExtractorUnavailable as error:
            return error
        return None

    def _once(self, url: str, method: str, route: str, read: Callable[[Any], T], timeout: float, **request: Any) -> T:
        try:
            timeouts = (_CONNECT_SECONDS, timeout)
            answer = self._session.request(method, url + route, timeout=timeouts, allow_redirects=False, **request)
        except requests.RequestException as error:
            raise _absence(error, url) from error
        body = _json_of(answer)
        if answer.status_code != 200 or body is None:
            raise _failure(answer, body, url)
        try:
            return read(body)
        except BadAnswer as error:
            raise NotAnExtractor(f"{_display_name(url)} is no extractor: {error}") from error


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise BadAddress(f"{url!r} is no address of an extractor: use one such as http://127.0.0.1:5004.")
    return url.rstrip("/")


def _display_name(url: str) -> str:
    """The address without the name and password that may be in it: clients see it."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def _json_of(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except requests.JSONDecodeError:
        return None


def _read_model(body: Any) -> dict[str, Any]:
    described = body.get("data") if isinstance(body, dict) else None
    if not isinstance(described, dict) or not {"fingerprint", "dim"} <= described.keys():
        raise BadAnswer("it does not say what its model is.")
    return described


def _failure(answer: requests.Response, body: Any, url: str) -> Exception:
    fields = body if isinstance(body, dict) else {}
    name, detail = str(fields.get("error", "")), str(fields.get("detail", ""))
    if answer.status_code == 429:
        return RetryableError(
            ExtractorBusy("The extractor is busy: try again in a second."), retry_after=_retry_after(answer)
        )
    if answer.status_code in _AWAY_FOR_A_MOMENT:
        failure = ExtractorUnavailable(f"The extractor at {_display_name(url)} is not ready.")
        return RetryableError(failure, retry_after=_retry_after(answer))
    if name in _REJECTIONS:
        return ImageRejected(Rejected(name, detail))
    if answer.status_code >= 500:
        failure = ExtractorUnavailable(
            f"The extractor at {_display_name(url)} fails with status {answer.status_code} again and again."
        )
        return RetryableError(failure, crash=True)
    said = name or ("JSON" if body is not None else "no JSON")
    return NotAnExtractor(f"{_display_name(url)} is no extractor: it answered {answer.status_code} and {said}.")


def _absence(error: requests.RequestException, url: str) -> RetryableError:
    cause = error.args[0] if error.args else None
    if isinstance(error, requests.ConnectionError) and isinstance(cause, ProtocolError):
        failure = ExtractorUnavailable(f"The extractor at {_display_name(url)} breaks down in the middle of a request.")
        return RetryableError(failure, crash=True)
    return RetryableError(
        ExtractorUnavailable(f"The extractor at {_display_name(url)} does not answer ({type(error).__name__}).")
    )


def _retry_after(answer: requests.Response) -> float:
    text = answer.headers.get("Retry-After", "")
    return min(float(text), _MAX_RETRY_AFTER) if text.isdigit() else 0.0
