"""POST /calFeatureVectors: several images, in order, each with its own outcome."""

import base64
import io
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from imaging import FRAMES, Box, EncodedImage, Frame
from tests.answers import assert_failure, assert_sentence, assert_success
from tests.extractor.conftest import Serve
from tests.extractor.dummy import FEATURELESS, FINGERPRINT, MODEL, dummy_embedder
from tests.images import drawing, encoded
from wire.extraction import Rejected, batch_request, read_answer

ROUTE = "/calFeatureVectors"
IMAGES = [encoded(drawing(40 + 9 * i, 30), "PNG") for i in range(4)]
VECTORS = dummy_embedder().embed(IMAGES)
BAD = {
    "empty_image": b"",
    "not_an_image": b"plain text",
    "unsupported_format": b"%PDF-1.7",
    "truncated_image": IMAGES[0][:70],
    "no_features": encoded(Image.new("RGB", (9, 9), FEATURELESS), "PNG"),
}


def text(image: bytes) -> str:
    return base64.b64encode(image).decode()


def parts(images: list[bytes]) -> list[Any]:
    return [(io.BytesIO(image), f"{i}.jpg") for i, image in enumerate(images)]


def test_a_list_of_texts_gives_vectors_in_order(client: FlaskClient) -> None:
    data = assert_success(client.post(ROUTE, json={"imgs": [text(image) for image in IMAGES]}))
    assert (data["model"], data["dim"]) == (str(FINGERPRINT), MODEL.dim)
    assert [set(item) for item in data["items"]] == [{"vector"}] * 4
    assert np.allclose([item["vector"] for item in data["items"]], VECTORS, rtol=1e-5)


def test_packed_vectors_are_little_endian_floats(client: FlaskClient) -> None:
    body = {"imgs": [text(image) for image in IMAGES], "encoding": "base64"}
    items = assert_success(client.post(ROUTE, json=body))["items"]
    read = [np.frombuffer(base64.b64decode(item["vector"]), "<f4") for item in items]
    assert np.allclose(read, VECTORS, rtol=1e-5)


@pytest.mark.parametrize("encoding", ["float", "base64"])
def test_multipart_files_are_read_by_the_projects_own_client(client: FlaskClient, encoding: str) -> None:
    answer = client.post(ROUTE, data={"file": parts(IMAGES), "encoding": encoding})
    items, fingerprint = read_answer(answer.get_json(), 4)
    assert fingerprint == str(FINGERPRINT) == answer.headers["X-Model-Fingerprint"]
    assert np.allclose(np.array(items), VECTORS, rtol=1e-5)


def test_what_the_projects_own_client_sends_is_understood(client: FlaskClient) -> None:
    fields, files = batch_request(IMAGES[:2], "0,0,0.5,1")
    body = {**fields, "file": [(io.BytesIO(part[1]), part[0], part[2]) for _, part in files]}
    items, _ = read_answer(client.post(ROUTE, data=body).get_json(), 2)
    assert not np.allclose(np.array(items), VECTORS[:2], rtol=1e-2)


def test_one_text_in_a_form_is_a_list_of_one(client: FlaskClient) -> None:
    data = assert_success(client.post(ROUTE, data={"imgs": text(IMAGES[0])}))
    assert np.allclose([data["items"][0]["vector"]], VECTORS[:1], rtol=1e-5)


def test_repeated_form_fields_are_a_list(client: FlaskClient) -> None:
    data = assert_success(client.post(ROUTE, data={"imgs": [text(image) for image in IMAGES]}))
    assert len(data["items"]) == 4


def test_one_bad_image_never_fails_the_others(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for name, data in BAD.items():
        with subtests.test(name=name):
            images = [IMAGES[0], data, IMAGES[1]]
            items = assert_success(client.post(ROUTE, data={"file": parts(images)}))["items"]
            assert items[1]["error"] == name
            assert_sentence(items[1]["detail"])
            assert np.allclose([items[0]["vector"], items[2]["vector"]], VECTORS[:2], rtol=1e-5)


def test_an_unforeseen_error_fails_its_image_alone_and_leaks_nothing(serve: Serve) -> None:
    def fragile_frame(image: EncodedImage, size: int, box: Box | None) -> Frame:
        if image.width == 49:
            raise ZeroDivisionError("password=hunter2")
        return FRAMES["keras"](image, size, box)

    client = serve(make_frame=fragile_frame)
    answer = client.post(ROUTE, data={"file": parts(IMAGES)})
    items = assert_success(answer)["items"]
    assert [item.get("error") for item in items] == [None, "internal", None, None]
    assert b"hunter2" not in answer.data
    assert_failure(client.post("/calFeatureVector", json={"img": text(IMAGES[1])}), "internal")


def test_a_text_that_is_not_base64_fails_alone_too(client: FlaskClient) -> None:
    answer = client.post(ROUTE, json={"imgs": ["@@", text(IMAGES[0]), 5]})
    items, _ = read_answer(answer.get_json(), 3)
    assert [item.error for item in items if isinstance(item, Rejected)] == ["bad_base64", "bad_base64"]
    assert isinstance(items[1], np.ndarray)


def test_a_list_of_bad_images_only_is_still_an_answer(client: FlaskClient) -> None:
    items = assert_success(client.post(ROUTE, data={"file": parts(list(BAD.values()))}))["items"]
    assert [item["error"] for item in items] == list(BAD)


def test_64_images_are_taken_and_65_are_not(client: FlaskClient) -> None:
    assert len(assert_success(client.post(ROUTE, data={"file": parts(IMAGES * 16)}))["items"]) == 64
    assert "at most 64" in assert_failure(client.post(ROUTE, data={"file": parts(IMAGES * 17)}), "bad_parameter")


def test_a_list_longer_than_the_queue_is_taken_when_nothing_waits(serve: Serve) -> None:
    answer = serve(queue=3).post(ROUTE, data={"file": parts(IMAGES * 5)})
    assert len(assert_success(answer)["items"]) == 20


def test_a_bad_box_fails_the_request_and_not_each_image(client: FlaskClient) -> None:
    assert_failure(client.post(ROUTE, json={"imgs": [text(IMAGES[0])], "box": "0,0,2,2"}), "bad_box")
