"""Asks the extractor for vectors: pooled connections, several addresses, patience with a service that is away."""

import itertools
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    sleep_using_event,
    stop_after_delay,
    stop_when_event_set,
    wait_exponential_jitter,
)
from tenacity.stop import stop_base
from urllib3.exceptions import ProtocolError

from imaging import Box
from wire.errors import STATUS
from wire.extraction import BATCH_ROUTE, REQUEST_ID_HEADER, BadAnswer, Rejected, batch_request, read_answer
from wire.vectors import Vector

_CONNECT_SECONDS = 3.05
_POOL = 32
_BACKOFF = wait_exponential_jitter(multiplier=0.1, max=5.0, jitter=0.2)
_LONGEST_RETRY_AFTER = 30.0
_MOST_BREAK_DOWNS = 3


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
        self.error = reason.error


@dataclass(frozen=True)
class Extraction:
    """For each picture, in order, its vector (dim,) or why it has none; and the model's fingerprint."""

    items: Sequence[Vector | Rejected]
    fingerprint: str


class _TryAgain(Exception):
    def __init__(self, failure: Exception, retry_after: float = 0.0) -> None:
        super().__init__(str(failure))
        self.failure = failure
        self.retry_after = retry_after


class _stop_after_break_downs(stop_base):  # noqa: N801 - as tenacity names its own
    """Stop when connections were lost in mid-request so often that chance is no explanation."""

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, state: RetryCallState) -> bool:
        error = state.outcome.exception() if state.outcome else None
        self._count += isinstance(error, _TryAgain) and isinstance(error.failure, ExtractorBreaksDown)
        return self._count >= _MOST_BREAK_DOWNS


class ExtractorClient:
    """A client of one extractor behind one or several addresses, used by any number of threads.

    ``deadline`` is how many seconds a call keeps trying while the extractor cannot be reached, is starting (503) or
    busy (429); ``read_timeout`` is how long one answer may take.
    """

    def __init__(self, urls: Sequence[str], *, deadline: float, read_timeout: float = 120.0) -> None:
        self._urls = [_checked(url) for url in urls or [""]]
        self._turn = itertools.cycle(range(len(self._urls)))
        self._turn_lock = threading.Lock()
        self._deadline = deadline
        self._read_timeout = read_timeout
        self._closing = threading.Event()
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
        if not isinstance(body, dict) or not isinstance(body.get("data"), dict):
            raise ExtractorUnavailable(f"{self._urls[0]} answers, but it is no extractor.")
        described: dict[str, Any] = body["data"]
        return described

    def ping(self) -> None:
        """Ask /readyz of one address, once; raises ExtractorUnavailable."""
        try:
            self._once("GET", "/readyz", self._read_timeout)
        except _TryAgain as again:
            raise ExtractorUnavailable(str(again.failure)) from again

    def close(self) -> None:
        """End all waiting: calls that are being retried fail now."""
        self._closing.set()
        self._session.close()

    def _patiently(self, method: str, route: str, **request: Any) -> Any:
        started = time.monotonic()
        retrying = Retrying(
            retry=retry_if_exception_type(_TryAgain),
            stop=stop_after_delay(self._deadline) | stop_when_event_set(self._closing) | _stop_after_break_downs(),
            wait=_wait,
            sleep=sleep_using_event(self._closing),
            reraise=True,
        )
        try:
            for attempt in retrying:
                with attempt:
                    left = max(self._deadline - (time.monotonic() - started), 1.0)
                    return self._once(method, route, min(self._read_timeout, left), **request)
        except _TryAgain as again:
            raise again.failure from again
        raise AssertionError("tenacity ends with a result or an exception")

    def _once(self, method: str, route: str, read_timeout: float, **request: Any) -> Any:
        with self._turn_lock:
            url = self._urls[next(self._turn)]
        try:
            answer = self._session.request(method, url + route, timeout=(_CONNECT_SECONDS, read_timeout), **request)
            body = answer.json()
        except requests.JSONDecodeError:
            raise ExtractorUnavailable(f"{url}{route} answered {answer.status_code} without JSON.") from None
        except requests.RequestException as error:
            raise _TryAgain(_absence(error, url)) from error
        if answer.status_code == 200:
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


def _failure(answer: requests.Response, body: Any, url: str) -> Exception:
    said = body if isinstance(body, dict) else {}
    name, detail = str(said.get("error", "")), str(said.get("detail", ""))
    if answer.status_code == 429:
        return _TryAgain(ExtractorBusy("The extractor is busy: try again in a second."), _retry_after(answer))
    if answer.status_code == 503:
        return _TryAgain(ExtractorUnavailable(f"The extractor at {url} is not ready."), _retry_after(answer))
    if name in STATUS and answer.status_code < 500:
        return PictureRejected(Rejected(name, detail))
    return ExtractorUnavailable(f"The extractor at {url} answered {answer.status_code} {name}.")


def _absence(error: requests.RequestException, url: str) -> ExtractorUnavailable:
    cause = error.args[0] if error.args else None
    if isinstance(error, requests.ConnectionError) and isinstance(cause, ProtocolError):
        return ExtractorBreaksDown(f"The extractor at {url} breaks down in the middle of a request.")
    return ExtractorUnavailable(f"The extractor at {url} does not answer ({type(error).__name__}).")


def _retry_after(answer: requests.Response) -> float:
    text = answer.headers.get("Retry-After", "")
    return min(float(text), _LONGEST_RETRY_AFTER) if text.isdigit() else 0.0


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, _TryAgain) else 0.0
    return max(asked, _BACKOFF(state))
