"""Parameters from the query string, a form or JSON."""

import io

import pytest
from flask.testing import FlaskClient

from tests.answers import assert_failure, assert_success


def test_fields_come_from_the_query_string(client: FlaskClient) -> None:
    assert assert_success(client.get("/echo?score=0.5&page=2")) == {"score": "0.5", "page": "2"}


def test_fields_come_from_json_as_they_are(client: FlaskClient) -> None:
    sent = {"score": 0.5, "filter": {"a": [1, None]}, "text": "鞋"}
    assert assert_success(client.post("/echo", json=sent)) == sent


@pytest.mark.parametrize("media_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_fields_come_from_either_form(client: FlaskClient, media_type: str) -> None:
    answer = client.post("/echo", data={"score": "0.5", "text": "鞋"}, content_type=media_type)
    assert assert_success(answer) == {"score": "0.5", "text": "鞋"}


@pytest.mark.parametrize("body", [{"json": {"page": "body"}}, {"data": {"page": "body"}}])
def test_the_body_wins_over_the_query_string(client: FlaskClient, body: dict[str, dict[str, str]]) -> None:
    answer = client.post("/echo?page=query&size=query", **body)
    assert assert_success(answer) == {"page": "body", "size": "query"}


def test_a_repeated_name_gives_a_list(client: FlaskClient) -> None:
    answer = client.post("/echo?a=1&a=2", data={"b": ["3", "4"], "c": "5"})
    assert assert_success(answer) == {"a": ["1", "2"], "b": ["3", "4"], "c": "5"}


def test_a_file_part_is_no_field(client: FlaskClient) -> None:
    answer = client.post("/echo", data={"file": (io.BytesIO(b"image"), "a.jpg"), "a": "1"})
    assert assert_success(answer) == {"a": "1"}


def test_a_post_without_a_body_has_the_query_string(client: FlaskClient) -> None:
    assert assert_success(client.post("/echo?a=1")) == {"a": "1"}


def test_any_json_media_type_is_read(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for media_type in ["application/json", "application/json; charset=utf-8", "application/problem+json"]:
        with subtests.test(media_type=media_type):
            assert assert_success(client.post("/echo", data=b'{"a": 1}', content_type=media_type)) == {"a": 1}


def test_json_that_cannot_be_read_is_a_bad_parameter(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for body in [
        b"",
        b"{",
        b"{'a': 1}",
        b'{"a": 1}}',
        b'\xff\xfe{"a"',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": "\xe9"}',
    ]:
        with subtests.test(str(body[:20])):
            detail = assert_failure(client.post("/echo", data=body, content_type="application/json"), "bad_parameter")
            assert detail.startswith("The body is not JSON")


@pytest.mark.parametrize("opening", [b"[", b'{"a":'])
def test_deeply_nested_json_is_a_bad_parameter(client: FlaskClient, opening: bytes) -> None:
    answer = client.post("/echo", data=opening * 100_000, content_type="application/json")
    assert "nested too deeply" in assert_failure(answer, "bad_parameter")


def test_json_that_is_no_object_is_a_bad_parameter(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for body in [b"[1]", b"[]", b'"text"', b"5", b"null", b"NaN"]:
        with subtests.test(str(body)):
            answer = client.post("/echo", data=body, content_type="application/json")
            assert "object with named fields" in assert_failure(answer, "bad_parameter")


def test_any_other_media_type_is_refused(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for media_type in ["text/plain", "image/jpeg", "application/octet-stream", "application/xml", None]:
        with subtests.test(media_type=media_type):
            answer = client.post("/echo", data=b"\xff\xd8\xff", content_type=media_type)
            assert "multipart/form-data" in assert_failure(answer, "unsupported_media_type")


def test_a_form_of_very_many_fields_is_a_bad_parameter(client: FlaskClient) -> None:
    body = "&".join(f"f{i}=1" for i in range(1001))
    answer = client.post("/echo", data=body, content_type="application/x-www-form-urlencoded")
    assert "at most 1000 fields" in assert_failure(answer, "bad_parameter")


def test_json_of_very_many_values_is_a_bad_parameter(client: FlaskClient) -> None:
    """Small on the wire, huge in memory."""
    answer = client.post("/echo", data=b'{"a": [' + b"[]," * 200_000 + b"[]]}", content_type="application/json")
    assert "at most 100000 values" in assert_failure(answer, "bad_parameter")


def test_a_form_field_may_be_empty_and_may_hold_anything(client: FlaskClient) -> None:
    body = b"a=&b=%E9%9E%8B+1%2B1&c=%FF&d"
    answer = client.post("/echo", data=body, content_type="application/x-www-form-urlencoded")
    assert assert_success(answer) == {"a": "", "b": "鞋 1+1", "c": "�", "d": ""}
