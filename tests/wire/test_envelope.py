"""The envelope of every JSON answer, with the published system's texts."""

import pytest

from wire import envelope


def test_a_success_carries_the_published_text_and_the_data() -> None:
    assert envelope.success([1.5]) == {"code": 200, "msg": "请求成功", "data": [1.5]}


def test_the_text_tells_whose_mistake_it_was(subtests: pytest.Subtests) -> None:
    for status, text in [
        (200, "请求成功"),
        (304, "请求成功"),
        (400, "参数校验失败"),
        (429, "参数校验失败"),
        (500, "业务处理失败"),
        (504, "业务处理失败"),
    ]:
        with subtests.test(status=status, text=text):
            assert envelope.message(status) == text


def test_a_failure_adds_its_name_a_sentence_and_the_request_id() -> None:
    assert envelope.failure("bad_box", "box is four numbers.", "r-1") == {
        "code": 400,
        "msg": "参数校验失败",
        "data": None,
        "error": "bad_box",
        "detail": "box is four numbers.",
        "requestId": "r-1",
    }


def test_a_failure_of_the_service_says_so() -> None:
    assert envelope.failure("store_timeout", "Try again.", "r-2")["msg"] == "业务处理失败"


def test_a_name_that_is_not_in_the_table_is_never_sent() -> None:
    with pytest.raises(KeyError):
        envelope.failure("made_up", "Nobody knows this.", "r-3")
