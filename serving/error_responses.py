"""Answers exceptions with the error body that both services send.

Routes hold no ``try``: code raises its own exceptions, and each app has a table from exception to error name.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, current_app, jsonify
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from serving.errors import BadParameter, NotFound, ServiceBusy, UnsupportedMediaType
from serving.request_log import request_id
from wire import envelope
from wire.errors import STATUS

NameOf = Callable[[Any], str]
ErrorTable = Mapping[type[Exception], str | NameOf]  # or a function of the exception

_NAMES_BY_STATUS = {
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "image_too_large",
    415: "unsupported_media_type",
}
_HEADERS = {
    "busy": {"Retry-After": "1"},
    "not_ready": {"Retry-After": "2"},
    "store_unavailable": {"Retry-After": "5"},
    "extractor_unavailable": {"Retry-After": "5"},
    "unauthorized": {"WWW-Authenticate": "Bearer"},
}
_INTERNAL = "Something went wrong in the service, not in your request: look for the request id in its log."

log = logging.getLogger(__name__)


_COMMON: ErrorTable = {
    BadParameter: "bad_parameter",
    NotFound: "not_found",
    UnsupportedMediaType: "unsupported_media_type",
    ServiceBusy: "busy",
}


def error_name(error: Exception, table: ErrorTable) -> str:
    """Return the error name of ``error``: that of its nearest class in ``table`` or here, else ``internal``."""
    table = {**_COMMON, **table}
    for kind in type(error).__mro__:
        if kind in table:
            name = table[kind]
            return name if isinstance(name, str) else name(error)
    return "internal"


def detail_of(error: Exception, name: str) -> str:
    """Return the detail that clients get of ``error``: its own sentence, unless it is an internal one."""
    return _INTERNAL if name == "internal" else str(error)


def install(app: Flask, errors: ErrorTable) -> None:
    """Answer every exception of ``app`` with the error body."""

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response:
        status = error.code or 500
        name = _NAMES_BY_STATUS.get(status, "bad_parameter" if status < 500 else "internal")
        answer = failure(name, _sentence(error))
        for header, value in error.get_headers():
            if header == "Allow":
                answer.headers[header] = value
        return answer

    @app.errorhandler(Exception)
    def own_error(error: Exception) -> Response:
        name = error_name(error, errors)
        if name == "internal":
            log.error("internal error", exc_info=error, extra={"request_id": request_id()})
        return failure(name, detail_of(error, name))


def failure(name: str, detail: str) -> Response:
    """Return an HTTP answer with the error body."""
    answer = jsonify(envelope.failure(name, detail, request_id()))
    answer.status_code = STATUS[name]
    answer.headers.extend(_HEADERS.get(name, {}))
    return answer


def _sentence(error: HTTPException) -> str:
    if isinstance(error, RequestEntityTooLarge):
        return f"The request's body may have at most {current_app.config['MAX_CONTENT_LENGTH']} bytes."
    return " ".join((error.description or error.name).split())
