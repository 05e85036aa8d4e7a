"""Limits the bytes of all request bodies in flight, by their announced lengths, before any is read."""

import io
import threading
from contextlib import suppress
from typing import IO, Any, cast

from flask import Flask, Response, g, request
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from serving.errors import ServiceBusy

_CHUNK = 1 << 16
_READ_SECONDS = 30
_MAX_DRAINED = 64 * 2**20


class BodyLimiter:
    """Admits request bodies while their lengths add up to at most ``capacity`` bytes."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._taken = 0
        self._lock = threading.Lock()

    def admit(self, length: int) -> None:
        """Reserve ``length`` bytes; raises :class:`ServiceBusy` when they do not fit beside the others."""
        with self._lock:
            if self._taken and self._taken + length > self._capacity:
                raise ServiceBusy("Too many bytes of requests are in flight: try again in a second.")
            self._taken += length

    def release(self, length: int) -> None:
        """Free ``length`` bytes."""
        with self._lock:
            self._taken -= length


class _ChunkedBody(io.RawIOBase):
    """A chunked body, whose length is not announced: reading fails once it turns out longer than ``left``.

    Werkzeug's own limit would quietly cut it off there.
    """

    def __init__(self, stream: IO[bytes], left: int) -> None:
        self._stream = stream
        self._left = left

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            data = self._stream.read(len(buffer))
        except OSError as error:  # the client is gone, too slow, or sends broken chunks
            raise ClientDisconnected from error
        self._left -= len(data)
        if self._left < 0:
            raise RequestEntityTooLarge
        buffer[: len(data)] = data
        return len(data)


def install(app: Flask, max_body: int, max_bytes_in_flight: int) -> None:
    """Refuse request bodies of ``app`` longer than ``max_body``, or than what is left of ``max_bytes_in_flight``."""
    limiter = BodyLimiter(max_bytes_in_flight)

    @app.before_request
    def admit() -> None:
        if "gunicorn.socket" in request.environ:  # a client that stops sending frees its bytes
            request.environ["gunicorn.socket"].settimeout(_READ_SECONDS)
        chunked = "chunked" in request.headers.get("Transfer-Encoding", "").lower()
        length = max_body if chunked else request.content_length or 0
        if length > max_body:
            raise RequestEntityTooLarge
        limiter.admit(length)
        g.admitted = length
        if chunked:
            request.stream = cast(IO[bytes], _ChunkedBody(request.environ["wsgi.input"], max_body))

    @app.after_request
    def drain(answer: Response) -> Response:
        # A client that is still sending gets a broken connection instead of the answer, unless its body is read.
        if answer.status_code >= 400 and request.environ.get("wsgi.input_terminated"):
            stream, left = request.environ["wsgi.input"], _MAX_DRAINED
            with suppress(OSError):  # the client is gone, or sends broken chunks
                while left > 0 and (chunk := stream.read(min(_CHUNK, left))):
                    left -= len(chunk)
        return answer

    @app.teardown_request
    def release(_: BaseException | None) -> None:
        limiter.release(g.pop("admitted", 0))
