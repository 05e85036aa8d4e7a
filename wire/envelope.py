"""The JSON envelope of every answer: ``{"code", "msg", "data"}``, and three more keys on a failure."""

from typing import Annotated, Any, Literal

from pydantic import Field
from typing_extensions import TypedDict

from wire.errors import STATUS

Envelope = dict[str, Any]

OK_TEXT = "请求成功"
CALLER_TEXT = "参数校验失败"
SERVICE_TEXT = "业务处理失败"


class Status(TypedDict):
    """What a health check answers while all is well."""

    status: Literal["alive", "ready"]


class Failure(TypedDict):
    """The body of an error."""

    code: int
    msg: str
    data: None
    error: Annotated[str, Field(json_schema_extra={"enum": sorted(STATUS)})]
    detail: str
    requestId: str


def message(status: int) -> str:
    """Return the published system's text for an HTTP status."""
    if status < 400:
        return OK_TEXT
    return CALLER_TEXT if status < 500 else SERVICE_TEXT


def success(data: Any) -> Envelope:
    """Return the body of a 200 answer around ``data``."""
    return {"code": 200, "msg": message(200), "data": data}


def failure(error: str, detail: str, request_id: str) -> Failure:
    """Return the body of an error.

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
