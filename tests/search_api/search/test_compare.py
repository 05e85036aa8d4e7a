"""POST /compare: how alike two images are, indexed or not."""

import base64

import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from tests.answers import assert_failure, assert_success
from tests.extractor.dummy import FEATURELESS, FINGERPRINT
from tests.images import encoded
from tests.ingest.album import image
from tests.search_api.conftest import MAX_BYTES
from tests.search_api.gallery import directions
from tests.search_api.images.uploading import post_files


def compare(client: FlaskClient, *images: bytes) -> TestResponse:
    return post_files(client, [("x.jpg", data) for data in images], route="/compare")


def test_the_score_is_the_cosine_of_their_vectors(subtests: pytest.Subtests, new_client: FlaskClient) -> None:
    for one, other in [(1, 2), (3, 500), (7, 7), (40, 41)]:
        with subtests.test(f"{one} and {other}"):
            first, second = directions([image(one), image(other)])
            for images in ((image(one), image(other)), (image(other), image(one))):
                data = assert_success(compare(new_client, *images))
                assert data == {"score": pytest.approx(float(first @ second), abs=2e-6), "model": str(FINGERPRINT)}


def test_equal_images_have_a_score_of_one(new_client: FlaskClient) -> None:
    assert assert_success(compare(new_client, image(1), image(1)))["score"] == 1.0
    assert assert_success(compare(new_client, image(1, "PNG"), image(1, "BMP")))["score"] == 1.0


def test_images_may_come_as_base64_too(new_client: FlaskClient) -> None:
    texts = [base64.b64encode(image(number)).decode() for number in (1, 2)]
    as_files = assert_success(compare(new_client, image(1), image(2)))
    assert assert_success(new_client.post("/compare", json={"imgs": texts})) == as_files
    assert assert_success(new_client.post("/compare", data={"imgs": texts})) == as_files


def test_two_are_compared_and_no_other_number(subtests: pytest.Subtests, new_client: FlaskClient) -> None:
    for count in [1, 3]:
        with subtests.test(count=count):
            assert "images" in assert_failure(compare(new_client, *[image(1)] * count), "bad_parameter")


def test_a_bad_image_is_named_by_its_place(new_client: FlaskClient) -> None:
    assert assert_failure(compare(new_client, image(1), b"words"), "not_an_image").startswith("Image 2: ")
    assert_failure(compare(new_client, b"", image(1)), "empty_image")
    assert_failure(compare(new_client, bytes(MAX_BYTES + 1), image(1)), "image_too_large")
    assert_failure(new_client.post("/compare", json={"imgs": ["*", "*"]}), "bad_base64")
    assert_failure(new_client.post("/compare"), "missing_image")
    grey = encoded(Image.new("RGB", (48, 48), FEATURELESS), "PNG")
    assert_failure(compare(new_client, grey, image(1)), "no_features")


def test_pages_of_any_origin_may_compare(new_client: FlaskClient) -> None:
    files = [("x.jpg", image(1)), ("y.jpg", image(2))]
    answer = post_files(new_client, files, route="/compare", headers={"Origin": "https://shop.example"})
    assert_success(answer)
    assert "Access-Control-Allow-Origin" in answer.headers
