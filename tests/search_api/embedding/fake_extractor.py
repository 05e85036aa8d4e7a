"""An HTTP server in the place of an extractor, whose replies a test chooses."""

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.servers.meddling_proxy import Asked
from tests.servers.process import free_port
from wire.envelope import failure, success


@dataclass(frozen=True)
class Reply:
    """One answer. Without a ``status`` the connection is closed instead."""

    status: int | None
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)


HANG_UP = Reply(None)


def good(data: Any) -> Reply:
    """Return a 200 answer in the envelope."""
    return Reply(200, json.dumps(success(data)).encode())


def bad(name: str, status: int, **headers: str) -> Reply:
    """Return a failure with the error ``name``."""
    body = failure("internal", "The fake extractor says so.", "1") | {"error": name, "code": status}
    return Reply(status, json.dumps(body).encode(), {key.replace("_", "-"): value for key, value in headers.items()})


class FakeExtractor:
    """A server that gives its replies in order, the last one for ever, and keeps the requests; a context manager."""

    def __init__(self, *replies: Reply, port: int | None = None) -> None:
        self.asked: list[Asked] = []
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._replies = list(replies)
        self._lock = threading.Lock()
        self._release = threading.Event()

    def next_reply(self, asked: Asked) -> Reply:
        """Note the request and return its reply."""
        with self._lock:
            self.asked.append(asked)
            return self._replies.pop(0) if len(self._replies) > 1 else self._replies[0]

    def __enter__(self) -> Self:
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(fake: FakeExtractor) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            reply = fake.next_reply(Asked(self.command, self.path, dict(self.headers), body))
            if reply.status is None:
                return
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        do_GET = do_POST = answer  # noqa: N815 - the names http.server looks for

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler
