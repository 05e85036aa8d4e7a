"""POST /searchByImage with what is not an image, or not one that can be searched with."""

import base64
import io

import pytest
from flask.testing import FlaskClient
from PIL import Image

from tests.answers import assert_failure
from tests.extractor.dummy import FEATURELESS
from tests.ingest.album import image
from tests.search_api.conftest import MAX_BYTES
from tests.search_api.search.searching import post_image

QUERY = image(7)


def flat(colour: tuple[int, int, int]) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(file, "PNG")
    return file.getvalue()


_BAD_IMAGES = {
    "empty_image": b"",
    "not_an_image": b"not an image at all",
    "unsupported_format": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "truncated_image": QUERY[: len(QUERY) // 2],
    "too_many_pixels": b"P6 60000 60000 255\n" + bytes(99),
    "no_features": flat(FEATURELESS),
    "image_too_large": QUERY + bytes(MAX_BYTES),
}


def test_an_image_that_cannot_be_searched_with_is_refused_by_name(
    subtests: pytest.Subtests, client: FlaskClient
) -> None:
    for name, data in _BAD_IMAGES.items():
        body = {"img": base64.b64encode(data).decode()}
        for how in ["file", "json", "form"]:
            with subtests.test(f"{name} by {how}"):
                if how == "file":
                    answer = post_image(client, data)
                else:
                    answer = client.post("/searchByImage", **({"json": body} if how == "json" else {"data": body}))
                assert_failure(answer, name)


def test_a_search_without_an_image_says_so(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for fields in [{}, {"score": "0.5"}, {"img": None}]:
        with subtests.test(str(fields)):
            assert_failure(client.post("/searchByImage", json=fields), "missing_image")
            assert_failure(client.post("/searchByImage"), "missing_image")


def test_what_is_not_base64_is_refused(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for value in ["@@@@", 5, ["a"], {"a": 1}, True, "a"]:
        with subtests.test(repr(value)):
            assert_failure(client.post("/searchByImage", json={"img": value}), "bad_base64")


def test_a_body_larger_than_any_image_needs_is_refused(client: FlaskClient) -> None:
    assert_failure(client.post("/searchByImage", json={"img": "A" * 4 * MAX_BYTES}), "image_too_large")
