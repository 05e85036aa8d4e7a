"""How a client asks for many vectors and reads the answer back."""

from typing import Any

import numpy as np
import pytest
import requests

from wire.envelope import success
from wire.extraction import BadAnswer, Rejected, batch_request, read_answer
from wire.vectors import encode_vector

VECTOR = np.array([0.5, -1.5, 2.0], np.float32)


def answer(*items: Any) -> Any:
    return success({"model": "vgg16:abc", "dim": 3, "items": list(items)})


def test_a_batch_request_asks_for_packed_vectors_of_files() -> None:
    fields, files = batch_request([b"one", b"two"], None)
    assert fields == {"encoding": "base64"}
    assert [(name, part[1]) for name, part in files] == [("file", b"one"), ("file", b"two")]


def test_a_batch_request_carries_the_box() -> None:
    assert batch_request([b"one"], "0,0,1,1")[0]["box"] == "0,0,1,1"


def test_requests_sends_a_batch_request_as_multipart_without_touching_the_bytes() -> None:
    image = bytes(range(256))
    fields, files = batch_request([image], "0,0,1,1")
    prepared = requests.Request("POST", "http://localhost/", data=fields, files=files).prepare()
    assert prepared.headers["Content-Type"].startswith("multipart/form-data; boundary=")
    assert isinstance(prepared.body, bytes)
    assert image in prepared.body


@pytest.mark.parametrize("encoding", ["float", "base64"])
def test_an_answer_is_read_in_either_encoding(encoding: Any) -> None:
    items, fingerprint = read_answer(answer({"vector": encode_vector(VECTOR, encoding)}), 1)
    assert fingerprint == "vgg16:abc"
    (vector,) = items
    assert isinstance(vector, np.ndarray)
    assert vector.tolist() == VECTOR.tolist()


def test_a_rejected_image_keeps_its_place_its_name_and_its_reason() -> None:
    good = {"vector": encode_vector(VECTOR, "base64")}
    items, _ = read_answer(answer(good, {"error": "not_an_image", "detail": "Text."}, good), 3)
    assert items[1] == Rejected("not_an_image", "Text.")
    assert [isinstance(item, np.ndarray) for item in items] == [True, False, True]


def test_a_rejection_without_a_sentence_is_still_a_rejection() -> None:
    items, _ = read_answer(answer({"error": "busy"}), 1)
    assert items == [Rejected("busy", "")]


def test_anything_that_is_not_this_protocol_is_a_bad_answer(subtests: pytest.Subtests) -> None:
    bodies: list[Any] = [
        None,
        [],
        "text",
        {},
        {"data": None},
        {"data": {}},
        {"data": {"items": []}},
        {"data": {"items": [None], "model": "m"}},
        {"data": {"items": 5, "model": "m"}},
        {"data": {"items": [{}], "model": "m"}},
        {"data": {"items": [{"vector": "@@"}], "model": "m"}},
        {"data": {"items": [{"vector": None}], "model": "m"}},
    ]
    for body in bodies:
        with subtests.test(str(body)), pytest.raises(BadAnswer, match="cannot be read"):
            read_answer(body, 1)


def test_an_answer_with_another_number_of_items_is_a_bad_answer() -> None:
    with pytest.raises(BadAnswer, match="1 items for 2 images"):
        read_answer(answer({"vector": [1.0]}), 2)
