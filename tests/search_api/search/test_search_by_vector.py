"""POST /searchByVector: what is near a vector that the client has."""

import base64
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from tests.answers import assert_failure, assert_success
from tests.extractor.dummy import FINGERPRINT, MODEL, dummy_embedder
from tests.ingest.album import image
from tests.search_api.conftest import MakeClient
from tests.search_api.search.searching import paths, search
from wire.extraction import FINGERPRINT_HEADER

ROUTE = "/searchByVector"
VECTOR = dummy_embedder().embed([image(7)])[0]


def ask(client: FlaskClient, **fields: Any) -> Any:
    return assert_success(client.post(ROUTE, json={"vector": VECTOR.tolist(), **fields}))


def test_a_vector_has_the_hits_of_its_image(client: FlaskClient) -> None:
    assert paths(ask(client, score=-1)) == paths(search(client, image(7), score=-1))
    assert ask(client)["dataList"][0]["score"] == 1.0


def test_a_vector_may_be_packed(client: FlaskClient) -> None:
    packed = base64.b64encode(VECTOR.astype("<f4").tobytes()).decode()
    for answer in (client.post(ROUTE, json={"vector": packed}), client.post(ROUTE, data={"vector": packed})):
        assert paths(assert_success(answer)) == paths(ask(client))


def test_the_length_of_a_vector_does_not_matter(client: FlaskClient) -> None:
    for length in (1e-30, 1e-6, 1e6, 1e30):
        page = ask(client, vector=(VECTOR.astype(np.float64) * length).tolist())
        assert page["dataList"][0]["score"] == 1.0


def test_a_vector_may_hold_integers(client: FlaskClient) -> None:
    assert ask(client, vector=[1] * MODEL.dim, score=-1)["total"] > 0


_NO_VECTORS: list[Any] = [None, [], {}, 5, "", "@@", "AAA=", [1, 2], [[1.0]]]
_NO_VECTORS += [["a"] * MODEL.dim, [True] * MODEL.dim, [10**400] * MODEL.dim, [1.0] * (MODEL.dim + 1)]


def test_a_value_that_is_not_a_vector_of_this_collection_is_refused(
    subtests: pytest.Subtests, client: FlaskClient
) -> None:
    for vector in _NO_VECTORS:
        with subtests.test(f"{vector!r:.40}"):
            assert "vector" in assert_failure(client.post(ROUTE, json={"vector": vector}), "bad_parameter").lower()


def test_a_missing_vector_is_refused(client: FlaskClient) -> None:
    assert_failure(client.post(ROUTE, json={}), "bad_parameter")


def test_a_vector_without_direction_has_no_features(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for text in ["[0, 0]", "[NaN, 1]", "[1, -Infinity]", "[1e39, 1]"]:
        with subtests.test(text):
            first, second = text.strip("[]").split(", ")
            body = f'{{"vector": [{first}, {", ".join([second] * (MODEL.dim - 1))}]}}'
            assert_failure(client.post(ROUTE, data=body, content_type="application/json"), "no_features")


def test_a_fingerprint_that_is_given_is_checked(client: FlaskClient) -> None:
    body = {"vector": VECTOR.tolist()}
    right = client.post(ROUTE, json=body, headers={FINGERPRINT_HEADER: str(FINGERPRINT)})
    assert paths(assert_success(right)) == paths(ask(client))
    wrong = client.post(ROUTE, json=body, headers={FINGERPRINT_HEADER: "vgg16:0123:max:keras:224:512:float"})
    detail = assert_failure(wrong, "model_mismatch")
    assert "vgg16:0123" in detail
    assert str(FINGERPRINT) in detail


def test_no_extractor_is_needed(make_client: MakeClient) -> None:
    client = make_client(extractor_urls=["http://127.0.0.1:9"], deadline=0.1)
    assert ask(client)["dataList"]
