"""Exceptions become the one error body."""

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import CollectorRegistry
from werkzeug.exceptions import BadGateway, Forbidden, Gone, Unauthorized

from serving.error_responses import error_name
from serving.errors import BadParameter, NotFound, ServiceBusy, UnsupportedMediaType
from serving.flask_app import new_app
from tests.answers import assert_failure


def raising(error: Exception) -> FlaskClient:
    """A client of a service whose one route raises ``error``."""
    app: Flask = new_app("raising", {}, CollectorRegistry(), max_body=100, max_bytes_in_flight=100, cors_origins=["*"])

    @app.get("/")
    def fail() -> str:
        raise error

    return app.test_client()


def test_the_shared_exceptions_have_their_names_and_keep_their_sentence(subtests: pytest.Subtests) -> None:
    for error, name in [
        (BadParameter("page is a whole number."), "bad_parameter"),
        (NotFound("There is no such image."), "not_found"),
        (UnsupportedMediaType("Send JSON."), "unsupported_media_type"),
        (ServiceBusy("Try again."), "busy"),
    ]:
        with subtests.test(name=name):
            assert assert_failure(raising(error).get("/"), name) == str(error)


def test_an_http_exception_becomes_the_nearest_name(subtests: pytest.Subtests) -> None:
    for error, name in [
        (Unauthorized(), "unauthorized"),
        (Forbidden(), "forbidden"),
        (Gone(), "bad_parameter"),
        (BadGateway(), "internal"),
    ]:
        with subtests.test(name=name):
            assert_failure(raising(error).get("/"), name)


def test_an_exception_of_the_services_own_has_the_name_of_its_table(client: FlaskClient) -> None:
    assert assert_failure(client.post("/fail/teapot"), "bad_box") == "I am small."


def test_the_nearest_class_decides() -> None:
    assert error_name(KeyError(), {LookupError: "not_found", KeyError: "bad_parameter"}) == "bad_parameter"
    assert error_name(IndexError(), {LookupError: "not_found", KeyError: "bad_parameter"}) == "not_found"
    assert error_name(OSError(), {LookupError: "not_found"}) == "internal"


def test_an_unknown_exception_is_internal_and_leaks_nothing(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = client.post("/fail/bug", headers={"X-Request-ID": "bug-1"})
    assert_failure(answer, "internal")
    assert b"hunter2" not in answer.data
    assert b"KeyError" not in answer.data
    (record,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert getattr(record, "request_id", "") == "bug-1"
    assert record.exc_info is not None
    assert "hunter2" in str(record.exc_info[1])


def test_a_route_that_does_not_exist_is_not_found(client: FlaskClient) -> None:
    assert_failure(client.get("/nowhere"), "not_found")
    assert_failure(client.post("/nowhere", data=b"x", content_type="text/plain"), "not_found")


def test_a_method_that_is_not_allowed_says_which_are(client: FlaskClient) -> None:
    answer = client.delete("/echo")
    assert_failure(answer, "method_not_allowed")
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_only_failures_that_pass_ask_to_come_back(client: FlaskClient) -> None:
    assert "Retry-After" not in client.get("/nowhere").headers
    assert raising(ServiceBusy("Try again.")).get("/").headers["Retry-After"] == "1"
