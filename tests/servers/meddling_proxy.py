"""An HTTP proxy between a client and a real server that lets a test meddle with what goes through."""

import http.client
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

_SECONDS = 120
_OWN_HEADERS = ("host", "connection", "content-length", "transfer-encoding")  # of one connection, not passed on


@dataclass(frozen=True)
class Asked:
    """A request as the client sent it; ``path`` with what follows the question mark."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Answer:
    """What the client is to get. With ``cut`` the connection breaks after that many bytes of the body."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None


Forward = Callable[[Asked], Answer]
Meddle = Callable[[Asked, Forward], Answer]


class HangUp(Exception):
    """A meddler raises it to close the client's connection without an answer."""


class MeddlingProxy:
    """Passes everything on to ``address``, unless ``meddle`` is set to do otherwise; a context manager.

    ``meddle`` is handed each request and the way to the server, and answers. ``asked`` keeps what was requested.
    """

    def __init__(self, address: str) -> None:
        self.asked: list[Asked] = []
        self.meddle: Meddle = pass_on
        self._upstream = address
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self.address = f"127.0.0.1:{self._server.server_address[1]}"

    def forward(self, asked: Asked) -> Answer:
        """Send ``asked`` to the server and return its answer."""
        connection = http.client.HTTPConnection(self._upstream, timeout=_SECONDS)
        try:
            connection.request(asked.method, asked.path, asked.body, _passed_on(asked.headers))
            answer = connection.getresponse()
            return Answer(answer.status, answer.read(), _passed_on(dict(answer.getheaders())))
        except (OSError, http.client.HTTPException) as error:
            raise HangUp from error
        finally:
            connection.close()

    @contextmanager
    def begun(self, asked: Asked, share: float) -> Iterator[None]:
        """Inside of this the server has got that ``share`` of the request's body, and nobody has read its answer."""
        connection = http.client.HTTPConnection(self._upstream, timeout=_SECONDS)
        try:
            connection.putrequest(asked.method, asked.path, skip_accept_encoding=True)
            for name, value in {**_passed_on(asked.headers), "Content-Length": str(len(asked.body))}.items():
                connection.putheader(name, value)
            connection.endheaders()
            connection.send(asked.body[: int(share * len(asked.body))])
            yield
        finally:
            connection.close()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def pass_on(asked: Asked, forward: Forward) -> Answer:
    """Return the server's own answer."""
    return forward(asked)


def _passed_on(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() not in _OWN_HEADERS}


def _handler(proxy: MeddlingProxy) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True  # else heads wait for 40 ms for their bodies

        def pass_through(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked = Asked(self.command, self.path, dict(self.headers), body)
            proxy.asked.append(asked)
            try:
                self._answer(proxy.meddle(asked, proxy.forward))
            except (HangUp, OSError):  # OSError: the client did not wait
                self.close_connection = True

        def _answer(self, answer: Answer) -> None:
            self.send_response_only(answer.status)
            for name, value in {**answer.headers, "Content-Length": str(len(answer.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(answer.body[: answer.cut])
            self.close_connection = self.close_connection or answer.cut is not None

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = pass_through  # noqa: N815 - the names http.server looks for

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler
