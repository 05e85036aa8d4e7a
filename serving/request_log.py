"""The id and the log line of every request."""

import logging
import re
import time
import uuid

from flask import Flask, Response, g, has_request_context, request

from wire.extraction import REQUEST_ID_HEADER

_VALID_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

log = logging.getLogger("request")


def request_id() -> str:
    """Return the id of the current request; empty outside of one."""
    return str(g.get("request_id", "")) if has_request_context() else ""


def install(app: Flask) -> None:
    """Give every request of ``app`` an id, send it back, and log one line when the answer is ready."""

    @app.before_request
    def begin() -> None:
        g.started = time.perf_counter()
        sent = request.headers.get(REQUEST_ID_HEADER, "")
        g.request_id = sent if _VALID_ID.fullmatch(sent) else uuid.uuid4().hex

    @app.after_request
    def end(answer: Response) -> Response:
        answer.headers[REQUEST_ID_HEADER] = request_id()
        milliseconds = (time.perf_counter() - g.started) * 1e3
        fields = {
            "request_id": request_id(),
            "method": request.method,
            "path": request.path[:200],
            "status": answer.status_code,
            "milliseconds": round(milliseconds, 1),
        }
        log.info("%(method)s %(path)r %(status)s %(milliseconds).1f ms", fields, extra={"fields": fields})
        return answer
