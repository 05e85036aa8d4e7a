"""The JSON envelope of every answer: ``{"code", "msg", "data"}``, and three more keys on a failure."""

from typing import Any

from wire.errors import STATUS

Envelope = dict[str, Any]

OK_TEXT = "请求成功"
CALLER_TEXT = "参数校验失败"
SERVICE_TEXT = "业务处理失败"


def message(status: int) -> str:
    """The published system's text for an HTTP status."""
    if status < 400:
        return OK_TEXT
    return CALLER_TEXT if status < 500 else SERVICE_TEXT


def success(data: Any) -> Envelope:
    """The body of a 200 answer."""
    return {"code": 200, "msg": message(200), "data": data}


def failure(error: str, detail: str, request_id: str) -> Envelope:
    """The body of a failed answer.

    ``error`` is a name of :data:`wire.errors.STATUS`; ``detail`` is one English sentence that says what to do.
    """
    status = STATUS[error]
    return {
        "code": status,
        "msg": message(status),
        "data": None,
        "error": error,
        "detail": detail,
        "requestId": request_id,
    }
