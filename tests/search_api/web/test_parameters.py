"""Every parameter of a search says what it allows, whatever a client sends, and from wherever."""

import json

import pytest
from flask.testing import FlaskClient

from search_api.stores.base import image_id
from tests.answers import assert_failure, assert_success
from tests.search_api.gallery import Gallery
from tests.search_api.search.searching import post_image

_BAD_TEXTS = {
    "score": ["abc", "2", "-1.01", "nan", "inf", "-inf", "0.8,0.9", "1e", "０．８x"],
    "distance": ["abc", "-0.1", "nan", "inf"],
    "page": ["0", "-1", "x", "1.5", "1e2", "+1", " 1", "²", "9999999999999999999999"],
    "pageSize": ["0", "-1", "x", "1.5", "1001", "999999", "1_0"],
    "mode": ["fast", "EXACT", "exact,ann"],
    "includeVector": ["yes", "2", "tru"],
    "filter": ["{", "[]", "1", '"a"', "true", '{"a": null}', '{"a": {"b": 1}}', '{"a": [["b"]]}', "[" * 100_000, "NaN"],
    "box": ["0,0,0,0", "a,b", "0,0,2,2", "-1,0,1,1", "0,0,1", "0,0,1,1,1", "nan,0,1,1", "0.5,0.5,0.6,0.1", "0;0;1;1"],
}
_BAD_VALUES = {
    "score": [True, [0.5], {}, "x"],
    "distance": [-1, False, [1]],
    "page": [0, -3, 1.0, 1.5, True, [1], {}, 10**30],
    "pageSize": [0, 1001, 2.5, [10], "many"],
    "mode": [1, 0, True, False, ["exact"], [], {}],
    "includeVector": [2, "maybe", [True], {}, 0.5],
    "filter": [[], [1], 5, True, "words", {"a": None}, {"a": {}}, {"a": ["\ud800"]}, {"\udfff": "a"}],
    "box": [[0, 0, 0, 0], [0, 0, 1], 5, True, {"x": 0}, ["a", 0, 1, 1], [0, 0, 1, 10**400]],
}


def error_of(name: str) -> str:
    return "bad_box" if name == "box" else "bad_parameter"


@pytest.mark.parametrize("name", _BAD_TEXTS)
def test_a_bad_value_is_refused_and_the_answer_names_its_field(
    subtests: pytest.Subtests, client: FlaskClient, name: str
) -> None:
    for text in _BAD_TEXTS[name]:
        with subtests.test(f"form: {text:.40}"):
            answer = post_image(client, b"not even looked at", **{name: text})
            assert name in assert_failure(answer, error_of(name))
        with subtests.test(f"query string: {text:.40}"):
            answer = client.post("/searchById", query_string={"id": "x", name: text})
            assert name in assert_failure(answer, error_of(name))
    for value in _BAD_VALUES[name]:
        with subtests.test(f"JSON: {value!r:.40}"):
            body = json.dumps({"id": "x", name: value})
            answer = client.post("/searchById", data=body, content_type="application/json")
            assert name in assert_failure(answer, error_of(name))


def test_a_parameter_that_is_sent_twice_is_refused(subtests: pytest.Subtests, client: FlaskClient) -> None:
    good = {"score": "0.5", "page": "1", "mode": "ann", "filter": '{"a": "b"}', "box": "0,0,1,1"}
    for name, value in good.items():
        with subtests.test(name):
            answer = client.post(f"/searchById?id=x&{name}={value}&{name}={value}")
            assert_failure(answer, error_of(name))


def test_a_refusal_says_what_is_allowed(client: FlaskClient) -> None:
    said = {
        "score": "score is a number between -1 and 1.",
        "distance": "distance is a number at least 0.",
        "page": "page is a whole number of at least 1.",
        "pageSize": "pageSize is a whole number from 1 to 1000.",
        "mode": "mode is one of exact, ann.",
        "includeVector": "includeVector is true or false.",
    }
    for name, sentence in said.items():
        assert assert_failure(client.post("/searchById", json={"id": "x", name: "?"}), "bad_parameter") == sentence


def test_a_page_that_ends_beyond_ten_thousand_is_too_deep(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for page, size in ((11, 1_000), (1_001, 10), (10_001, 1), (999_999_999, 1_000)):
        with subtests.test(page=page, size=size):
            answer = client.post("/searchById", json={"id": "x", "page": page, "pageSize": size})
            assert "10000" in assert_failure(answer, "page_too_deep")


def test_a_page_that_ends_at_ten_thousand_is_answered(
    subtests: pytest.Subtests, client: FlaskClient, gallery: Gallery
) -> None:
    for page, size in ((10, 1_000), (1_000, 10), (10_000, 1), (3_333, 3)):
        with subtests.test(page=page, size=size):
            body = {"id": image_id(gallery.names[0]), "page": page, "pageSize": size, "score": -1}
            data = assert_success(client.post("/searchById", json=body))
            assert (data["dataList"], data["total"]) == ([], len(gallery.names))


def test_a_body_that_is_not_a_json_object_is_refused(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for body in (b"{", b"[1]", b'"text"', b"", b"\xff\xfe", b"[" * 200_000):
        for route in ("/searchByImage", "/searchById", "/searchByVector"):
            with subtests.test(f"{body!r:.20} to {route}"):
                answer = client.post(route, data=body, content_type="application/json")
                assert "JSON" in assert_failure(answer, "bad_parameter")


def test_a_body_of_another_type_is_refused(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for kind in ("text/plain", "application/xml", "image/jpeg", "application/octet-stream"):
        for route in ("/searchByImage", "/searchById", "/searchByVector"):
            with subtests.test(f"{kind} to {route}"):
                answer = client.post(route, data=b"body", content_type=kind)
                assert "multipart" in assert_failure(answer, "unsupported_media_type")
