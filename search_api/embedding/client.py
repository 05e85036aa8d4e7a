"""The client of the extractor: several addresses, and retries while a service is away."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from imaging import Box
from search_api.embedding.errors import ExtractorBusy, ExtractorCrashes, ExtractorUnavailable, NotAnExtractor
from search_api.embedding.extraction import Extraction
from search_api.embedding.retry import RetryableError, retrying
from search_api.embedding.transport import Transport, display_name
from wire.extraction import BATCH_ROUTE, REQUEST_ID_HEADER, BadAnswer, batch_request, read_answer

T = TypeVar("T")

PATIENT_SECONDS = 600.0  # for jobs and commands; an extractor that is away for longer is not coming back
_PING_SECONDS = 10.0
_MAX_CRASHES = 2  # right after the extractor was ready; the one before them may have been a restart


@dataclass
class _Call:
    """The state of one call over its attempts: addresses still asked, and those that failed in the middle of it."""

    urls: list[str]
    failures: dict[str, RetryableError] = field(default_factory=dict)  # the latest of each address
    not_before: dict[str, float] = field(default_factory=dict)  # by time.monotonic(), as the address asked
    crashed: set[str] = field(default_factory=set)
    crashes: int = 0  # of addresses that had been ready again since their last one

    def note(self, url: str, failure: RetryableError) -> None:
        """Remember ``failure``; raises ExtractorCrashes once the images are to blame for it."""
        self.failures[url] = failure
        self.not_before[url] = time.monotonic() + failure.retry_after
        if failure.crash:
            self.crashes += url in self.crashed
            self.crashed.add(url)
            if self.crashes >= _MAX_CRASHES:
                raise ExtractorCrashes(str(failure.failure)) from failure.failure

    def due(self, url: str) -> bool:
        """Return whether ``url`` may be asked again."""
        return time.monotonic() >= self.not_before.get(url, 0.0)

    def failure(self) -> RetryableError:
        """Return the failure of all addresses: not before the first is due; busy where one of them is."""
        failures = [self.failures[url].failure for url in self.urls]
        busy = [failure for failure in failures if isinstance(failure, ExtractorBusy)]
        pause = min(self.not_before[url] for url in self.urls) - time.monotonic()
        return RetryableError((*busy, *failures)[0], retry_after=max(pause, 0.0))


class ExtractorClient:
    """A client of one extractor behind one or several addresses, used by any number of threads.

    ``deadline`` is how many seconds a call keeps trying while the extractor cannot be reached, is starting (503), is
    busy (429) or fails (500); ``read_timeout`` is how long one answer may take. ``on_wait`` is called with a sentence
    when a call begins to wait.
    """

    def __init__(
        self,
        urls: Sequence[str],
        *,
        deadline: float,
        read_timeout: float = 120.0,
        on_wait: Callable[[str], object] = lambda _: None,
    ) -> None:
        self._transport = Transport(urls)
        self._deadline = deadline
        self._read_timeout = read_timeout
        self._closing = threading.Event()
        self._retrying = retrying(deadline, self._closing, on_wait)

    @property
    def addresses(self) -> int:
        """How many addresses share the load."""
        return len(self._transport)

    def embed(self, images: Sequence[bytes], box: Box | None = None, request_id: str = "") -> Extraction:
        """Return the vectors of ``images``.

        Raises ImageRejected when the request as a whole is refused, ExtractorBusy or ExtractorUnavailable when the
        deadline passes, ExtractorCrashes when it is these images that the extractor fails at.
        """
        fields, files = batch_request(images, None if box is None else str(box))
        headers = {REQUEST_ID_HEADER: request_id} if request_id else {}

        def read(body: Any) -> Extraction:
            return Extraction(*read_answer(body, len(images)))

        return self._call("POST", BATCH_ROUTE, read, data=fields, files=files, headers=headers)

    def model(self) -> dict[str, Any]:
        """Return what GET /model answers; raises as :meth:`embed`."""
        return self._call("GET", "/model", _read_model)

    def ping(self) -> None:
        """Raise ExtractorUnavailable when no address is ready; asks each once."""
        failure: ExtractorUnavailable | None = None
        for url in self._transport.rotation():
            failure = self._not_ready(url)
            if failure is None:
                return
        assert failure is not None
        raise failure

    def close(self) -> None:
        """End all waiting: calls that are being retried fail now."""
        self._closing.set()
        self._transport.close()

    def _call(self, method: str, route: str, read: Callable[[Any], T], **request: Any) -> T:
        call = _Call(self._transport.rotation())
        started = time.monotonic()

        def ask(url: str) -> T:
            left = max(self._deadline - (time.monotonic() - started), 1.0) / len(self._transport)
            body = self._transport.send(url, method, route, min(self._read_timeout, left), **request)
            try:
                return read(body)
            except BadAnswer as error:
                raise NotAnExtractor(f"{display_name(url)} is not an extractor: {error}") from error

        try:
            answer: T = self._retrying(self._ask_each, call, ask)
        except RetryableError as error:
            raise error.failure from error
        return answer

    def _ask_each(self, call: _Call, ask: Callable[[str], T]) -> T:
        """Ask each address that is due until one answers; raises RetryableError when none does but one may later."""
        for url in filter(call.due, list(call.urls)):
            not_ready = self._not_ready(url) if url in call.crashed else None
            if not_ready:  # it is being restarted: no image is to blame for that
                call.note(url, RetryableError(not_ready))
                continue
            try:
                return ask(url)
            except NotAnExtractor:
                call.urls.remove(url)
                if not call.urls:
                    raise
            except RetryableError as error:
                call.note(url, error)
        raise call.failure()

    def _not_ready(self, url: str) -> ExtractorUnavailable | None:
        """Return why the extractor at ``url`` is not ready, None when it is."""
        try:
            self._transport.send(url, "GET", "/readyz", _PING_SECONDS)
        except RetryableError as error:
            return ExtractorUnavailable(str(error.failure))
        except ExtractorUnavailable as error:
            return error
        return None


def _read_model(body: Any) -> dict[str, Any]:
    model = body.get("data") if isinstance(body, dict) else None
    if not isinstance(model, dict) or not {"fingerprint", "dim"} <= model.keys():
        raise BadAnswer("it does not describe its model.")
    return model
