"""Where tests look at an answer of either service, from Flask's test client and over real HTTP alike."""

from typing import Any

import requests
from werkzeug.test import TestResponse

from wire.errors import STATUS

Answer = requests.Response | TestResponse

_FAILURE_KEYS = {"code", "msg", "data", "error", "detail", "requestId"}


def body_of(answer: Answer) -> Any:
    """Return the JSON that ``answer`` carries."""
    assert answer.headers["Content-Type"] == "application/json"
    return answer.json() if isinstance(answer, requests.Response) else answer.get_json()


def assert_success(answer: Answer) -> Any:
    """Check that ``answer`` is the envelope of a success; return its ``data``."""
    body = body_of(answer)
    assert answer.status_code == 200, body
    assert set(body) == {"code", "msg", "data"}
    assert (body["code"], body["msg"]) == (200, "请求成功")
    assert answer.headers["X-Request-ID"]
    return body["data"]


def assert_failure(answer: Answer, name: str) -> str:
    """Check that ``answer`` is the error ``name`` of the contract's table; return its ``detail``."""
    body = body_of(answer)
    assert body.get("error") == name, body
    assert answer.status_code == STATUS[name]
    assert set(body) == _FAILURE_KEYS
    assert body["code"] == answer.status_code
    assert body["msg"] == ("参数校验失败" if answer.status_code < 500 else "业务处理失败")
    assert body["data"] is None
    assert body["requestId"] == answer.headers["X-Request-ID"] != ""
    detail = body["detail"]
    assert isinstance(detail, str)
    assert_sentence(detail)
    if name == "busy":
        assert int(answer.headers["Retry-After"]) > 0
    return detail


def assert_sentence(text: str) -> None:
    """Check that ``text`` is written for a person: one line, not empty, closed by a full stop, no trace of Python."""
    assert text
    assert text == " ".join(text.split())
    assert text.endswith("."), text
    assert "Traceback" not in text
