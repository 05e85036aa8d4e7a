"""The request id and the one log line of every request."""

import logging

import pytest
from flask.testing import FlaskClient

from tests.answers import assert_failure, body_of


def test_a_given_id_comes_back(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for given in ["abc", "0f8fad5b-d9cb-469f-a165-70867728950e", "A.b_c-9", "x" * 64]:
        with subtests.test(given=given):
            assert client.get("/echo", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


def test_an_id_that_could_harm_a_log_is_replaced(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for given in ["", "x" * 65, "a b", "a;b", "<script>", "鞋", "a\tb"]:
        with subtests.test(given=given):
            made = client.get("/echo", headers={"X-Request-ID": given.encode().decode("latin-1")}).headers[
                "X-Request-ID"
            ]
            assert made != given
            assert len(made) == 32


def test_two_requests_without_an_id_get_two(client: FlaskClient) -> None:
    first, second = (client.get("/healthz").headers["X-Request-ID"] for _ in range(2))
    assert first != second


def test_a_failure_carries_the_id_in_body_and_header(client: FlaskClient) -> None:
    answer = client.get("/nowhere", headers={"X-Request-ID": "mine"})
    assert_failure(answer, "not_found")
    assert body_of(answer)["requestId"] == answer.headers["X-Request-ID"] == "mine"


@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/nowhere", 404), ("/metrics", 200)])
def test_a_request_leaves_one_line(
    client: FlaskClient, caplog: pytest.LogCaptureFixture, path: str, status: int
) -> None:
    with caplog.at_level(logging.INFO, "request"):
        client.get(f"{path}?api_key=secret", headers={"X-Request-ID": "line-1", "Authorization": "Bearer secret"})
    (record,) = [record for record in caplog.records if record.name == "request"]
    fields = record.fields  # type: ignore[attr-defined]  # set by the logger
    assert set(fields) == {"request_id", "method", "path", "status", "milliseconds"}
    assert (fields["request_id"], fields["method"], fields["path"], fields["status"]) == ("line-1", "GET", path, status)
    assert record.getMessage().startswith(f"GET '{path}' {status} ")


def test_a_path_cannot_write_a_second_line(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "request"):
        client.get("/a%0AINFO%20forged" + "x" * 1000)
    (record,) = [record for record in caplog.records if record.name == "request"]
    assert "\n" not in record.getMessage()
    assert len(record.getMessage()) < 300
