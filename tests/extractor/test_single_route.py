"""POST /imageFeatureVector/calFeatureVector and its alias: one image, one vector."""

import base64
import json
from typing import Any

import numpy as np
import pytest
import requests
from flask.testing import FlaskClient

from tests.answers import assert_failure, assert_success
from tests.extractor.dummy import FINGERPRINT, MODEL, dummy_embedder
from tests.images import drawing, encoded

ROUTES = ["/imageFeatureVector/calFeatureVector", "/calFeatureVector"]
DRAWING = drawing(120, 80)
IMAGE = encoded(DRAWING, "JPEG")
TEXT = base64.b64encode(IMAGE).decode()
VECTOR = dummy_embedder().embed([IMAGE])[0]


def test_the_published_client_is_answered_as_ever(client: FlaskClient) -> None:
    """What the published Java and Python clients send, byte by byte, and what they read of the answer."""
    body = json.dumps({"img": TEXT}).encode()
    answer = client.post("/imageFeatureVector/calFeatureVector", data=body, content_type="application/json")
    read = json.loads(answer.data)
    assert (read["code"], read["msg"]) == (200, "请求成功")
    assert all(type(number) is float for number in read["data"])
    assert np.allclose(read["data"], VECTOR, rtol=1e-6)


def test_either_route_takes_an_image_in_every_spelling(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for route in ROUTES:
        bodies: list[dict[str, Any]] = [
            {"json": {"img": TEXT}},
            {"data": {"img": TEXT}},
            {"data": {"img": TEXT}, "content_type": "multipart/form-data"},
            {"json": {"img": f"data:image/jpeg;base64,{TEXT}"}},
            {"data": {"img": TEXT.replace("+", "-").replace("/", "_").rstrip("=")}},
            {"json": {"img": TEXT, "box": None}},
            {"json": {"img": TEXT, "box": ""}},
            {"json": {"img": TEXT, "unknown": 5}},
        ]
        for body in bodies:
            with subtests.test(route=route, body=str(body)[:60]):
                answer = client.post(route, **body)
                assert np.allclose(assert_success(answer), VECTOR, rtol=1e-6)


def test_the_vector_is_as_the_network_gives_it_and_not_normalised(client: FlaskClient) -> None:
    vector = assert_success(client.post(ROUTES[1], json={"img": TEXT}))
    assert len(vector) == MODEL.dim
    assert abs(np.linalg.norm(vector) - 1) > 0.05


def test_every_vector_carries_the_fingerprint_and_the_request_id(client: FlaskClient) -> None:
    answer = client.post(ROUTES[1], json={"img": TEXT}, headers={"X-Request-ID": "mine"})
    assert answer.headers["X-Model-Fingerprint"] == str(FINGERPRINT)
    assert answer.headers["X-Request-ID"] == "mine"


@pytest.mark.parametrize("box", ["0,0,0.5,0.5", [0, 0, 0.5, 0.5]])
def test_a_box_is_the_same_as_a_cropped_image(client: FlaskClient, box: object) -> None:
    whole = base64.b64encode(encoded(DRAWING, "PNG")).decode()
    part = encoded(DRAWING.crop((0, 0, 60, 40)), "PNG")
    boxed = assert_success(client.post(ROUTES[1], json={"img": whole, "box": box}))
    assert np.allclose(boxed, dummy_embedder().embed([part])[0], rtol=1e-5)


def test_the_box_may_be_in_the_query_string(client: FlaskClient) -> None:
    in_query = client.post(f"{ROUTES[1]}?box=0,0,0.5,0.5", json={"img": TEXT})
    in_body = client.post(ROUTES[1], json={"img": TEXT, "box": "0,0,0.5,0.5"})
    assert assert_success(in_query) == assert_success(in_body)


@pytest.mark.parametrize("how", ["data", "files"])
def test_a_large_form_field_is_read(client: FlaskClient, how: str) -> None:
    """Flask by itself refuses form fields of more than 500 kB: a photo's base64 text is longer."""
    noise = base64.b64encode(np.random.default_rng(0).bytes(700_000)).decode()
    fields: dict[str, dict[str, object]] = {
        "data": {"data": {"img": noise}},
        "files": {"files": {"img": (None, noise)}},
    }
    form = requests.Request("POST", "http://localhost", **fields[how]).prepare()
    answer = client.post(ROUTES[1], data=form.body, content_type=form.headers["Content-Type"])
    assert_failure(answer, "not_an_image")


def test_the_same_image_gives_the_same_vector_every_time(client: FlaskClient) -> None:
    first, second = (client.post(ROUTES[1], json={"img": TEXT}).data for _ in range(2))
    assert first == second
