"""Asks the extractor for vectors: pooled connections, several addresses, patience with a service that is away."""

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ProtocolError

from imaging import Box
from search_api.patience import TryAgain, patiently
from wire.errors import PICTURE_ERRORS, STATUS
from wire.extraction import BATCH_ROUTE, REQUEST_ID_HEADER, BadAnswer, Rejected, batch_request, read_answer
from wire.vectors import Vector

_CONNECT_SECONDS = 3.05
_PING_SECONDS = 10.0
_POOL = 32
_LONGEST_RETRY_AFTER = 30.0
_REJECTIONS = (*PICTURE_ERRORS, "bad_parameter")
_AWAY_FOR_A_MOMENT = (502, 503, 504)  # the extractor itself says 503 only, a proxy before it any of them


class ExtractorUnavailable(RuntimeError):
    """No address of the extractor answers in time."""


class BadAddress(ExtractorUnavailable):
    """What is given as the extractor's address is none."""


class ExtractorBreaksDown(ExtractorUnavailable):
    """The extractor broke the connection off again and again in the middle of these pictures."""


class ExtractorBusy(RuntimeError):
    """The extractor kept saying that it is busy until the deadline."""


class PictureRejected(ValueError):
    """The extractor refuses a picture, or a parameter that goes with it, by name."""

    def __init__(self, reason: Rejected) -> None:
        super().__init__(reason.detail)
        self.error = reason.error if reason.error in STATUS else "extractor_unavailable"


@dataclass(frozen=True)
class Extraction:
    """For each picture, in order, its vector (dim,) or why it has none; and the model's fingerprint."""

    items: Sequence[Vector | Rejected]
    fingerprint: str


class ExtractorClient:
    """A client of one extractor behind one or several addresses, used by any number of threads.

    ``deadline`` is how many seconds a call keeps trying while the extractor cannot be reached, is starting (503) or
    busy (429); ``read_timeout`` is how long one answer may take. ``say`` hears it when a call begins to wait. All
    waiting ends when ``closing`` is set.
    """

    def __init__(
        self,
        urls: Sequence[str],
        *,
        deadline: float,
        read_timeout: float = 120.0,
        say: Callable[[str], object] = lambda _: None,
        closing: threading.Event | None = None,
    ) -> None:
        self._urls = [_checked(url) for url in urls or [""]]
        self._turn = itertools.cycle(range(len(self._urls)))
        self._turn_lock = threading.Lock()
        self._deadline = deadline
        self._read_timeout = read_timeout
        self._say = say
        self._closing = closing or threading.Event()
        self._session = requests.Session()
        self._session.trust_env = False  # an inner service: no proxy, no .netrc
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_connections=len(self._urls), pool_maxsize=_POOL))

    @property
    def addresses(self) -> int:
        """How many addresses share the load."""
        return len(self._urls)

    def embed(self, pictures: Sequence[bytes], box: Box | None = None, request_id: str = "") -> Extraction:
        """The vectors of ``pictures``.

        Raises PictureRejected when the request as a whole is refused, ExtractorBusy or ExtractorUnavailable when the
        deadline passes.
        """
        fields, files = batch_request(pictures, None if box is None else str(box))
        headers = {REQUEST_ID_HEADER: request_id} if request_id else {}
        body = self._patiently("POST", BATCH_ROUTE, data=fields, files=files, headers=headers)
        try:
            return Extraction(*read_answer(body, len(pictures)))
        except BadAnswer as error:
            raise ExtractorUnavailable(str(error)) from error

    def model(self) -> dict[str, Any]:
        """What GET /model answers."""
        body = self._patiently("GET", "/model")
        described = body.get("data") if isinstance(body, dict) else None
        if not isinstance(described, dict) or not {"fingerprint", "dim"} <= described.keys():
            raise ExtractorUnavailable(f"{_shown(self._urls[0])} answers, but it is no extractor.")
        return described

    def ping(self) -> None:
        """Ask /readyz of the addresses until one is ready; raises ExtractorUnavailable when none is."""
        for left in reversed(range(len(self._urls))):
            try:
                self._once("GET", "/readyz", _PING_SECONDS)
            except TryAgain as again:
                if not left:
                    raise ExtractorUnavailable(str(again.failure)) from again
            else:
                return

    def close(self) -> None:
        """End all waiting: calls that are being retried fail now."""
        self._closing.set()
        self._session.close()

    def _patiently(self, method: str, route: str, **request: Any) -> Any:
        started = time.monotonic()
        broke_off = False
        try:
            for attempt in patiently(self._deadline, self._closing, self._say):
                with attempt:
                    if broke_off:  # a restart breaks connections off too: only one that was ready is to blame
                        self._ping_again()
                        broke_off = False
                    left = max(self._deadline - (time.monotonic() - started), 1.0) / len(self._urls)
                    try:
                        return self._once(method, route, min(self._read_timeout, left), **request)
                    except TryAgain as again:
                        broke_off = again.broke_off
                        raise
        except TryAgain as again:
            raise again.failure from again
        raise AssertionError("tenacity ends with a result or an exception")

    def _ping_again(self) -> None:
        try:
            self.ping()
        except ExtractorUnavailable as error:
            raise TryAgain(error) from error

    def _once(self, method: str, route: str, read_timeout: float, **request: Any) -> Any:
        with self._turn_lock:
            url = self._urls[next(self._turn)]
        try:
            timeout = (_CONNECT_SECONDS, read_timeout)
            answer = self._session.request(method, url + route, timeout=timeout, allow_redirects=False, **request)
        except requests.RequestException as error:
            raise _absence(error, url) from error
        body = _json_of(answer)
        if answer.status_code == 200 and body is not None:
            return body
        raise _failure(answer, body, url)


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise BadAddress(f"{url!r} is no address of an extractor: use one such as http://127.0.0.1:5004.")
    return url.rstrip("/")


def _shown(url: str) -> str:
    """The address without the name and password that may be in it: clients see it."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def _json_of(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except requests.JSONDecodeError:
        return None


def _failure(answer: requests.Response, body: Any, url: str) -> Exception:
    fields = body if isinstance(body, dict) else {}
    name, detail = str(fields.get("error", "")), str(fields.get("detail", ""))
    if answer.status_code == 429:
        return TryAgain(
            ExtractorBusy("The extractor is busy: try again in a second."), retry_after=_retry_after(answer)
        )
    if answer.status_code in _AWAY_FOR_A_MOMENT:
        failure = ExtractorUnavailable(f"The extractor at {_shown(url)} is not ready.")
        return TryAgain(failure, retry_after=_retry_after(answer))
    if name in _REJECTIONS:
        return PictureRejected(Rejected(name, detail))
    said = name or ("JSON" if body is not None else "no JSON")
    return ExtractorUnavailable(
        f"{_shown(url)} is no extractor, or not well: it answered {answer.status_code} and {said}."
    )


def _absence(error: requests.RequestException, url: str) -> TryAgain:
    cause = error.args[0] if error.args else None
    if isinstance(error, requests.ConnectionError) and isinstance(cause, ProtocolError):
        failure = ExtractorBreaksDown(f"The extractor at {_shown(url)} breaks down in the middle of a request.")
        return TryAgain(failure, broke_off=True)
    return TryAgain(ExtractorUnavailable(f"The extractor at {_shown(url)} does not answer ({type(error).__name__})."))


def _retry_after(answer: requests.Response) -> float:
    text = answer.headers.get("Retry-After", "")
    return min(float(text), _LONGEST_RETRY_AFTER) if text.isdigit() else 0.0
