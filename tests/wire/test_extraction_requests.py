"""What a client may ask of the extractor, and how each wrong request is refused."""

from typing import Any

import pytest

from wire.base64_image import BadBase64, encode_image
from wire.extraction import MAX_BATCH, BadExtractRequest, MissingImage, read_batch, read_single

ONE, TWO = b"first image", b"second image"


def test_a_single_request_gives_the_bytes_and_the_box_as_sent() -> None:
    assert read_single({"img": encode_image(ONE), "box": "0,0,1,1"}) == (ONE, "0,0,1,1")


def test_a_single_request_needs_no_box() -> None:
    assert read_single({"img": encode_image(ONE)}) == (ONE, None)


def test_a_single_request_without_an_image_is_named_so(subtests: pytest.Subtests) -> None:
    requests: list[dict[str, Any]] = [{}, {"img": None}, {"image": "QUJD"}]
    for fields in requests:
        with subtests.test(str(fields)), pytest.raises(MissingImage, match="img"):
            read_single(fields)


def test_an_empty_text_is_an_image_of_no_bytes() -> None:
    assert read_single({"img": ""}) == (b"", None)


@pytest.mark.parametrize("value", ["@@@@", 5, ["QUJD", "QUJD"]])
def test_a_single_image_that_is_not_base64_is_refused(value: Any) -> None:
    with pytest.raises(BadBase64):
        read_single({"img": value})


def test_a_list_of_texts_is_read_in_order() -> None:
    request = read_batch({"imgs": [encode_image(ONE), encode_image(TWO)], "box": "0,0,1,1"}, [])
    assert request.images == [ONE, TWO]
    assert (request.encoding, request.box) == ("float", "0,0,1,1")


def test_one_bad_text_keeps_its_place_and_its_reason() -> None:
    first, second, third = read_batch({"imgs": [encode_image(ONE), "@@@", 7]}, []).images
    assert first == ONE
    assert isinstance(second, BadBase64)
    assert isinstance(third, BadBase64)


def test_one_text_counts_as_a_list_of_one() -> None:
    assert read_batch({"imgs": encode_image(ONE)}, []).images == [ONE]


def test_file_parts_are_taken_as_they_are() -> None:
    request = read_batch({"encoding": "base64"}, [ONE, TWO])
    assert request.images == [ONE, TWO]
    assert request.encoding == "base64"


def test_a_list_without_images_is_named_so(subtests: pytest.Subtests) -> None:
    requests: list[dict[str, Any]] = [{}, {"imgs": None}, {"imgs": []}, {"img": "QUJD"}]
    for fields in requests:
        with subtests.test(str(fields)), pytest.raises(MissingImage, match="imgs"):
            read_batch(fields, [])


def test_an_unknown_encoding_is_refused_with_the_allowed_ones(subtests: pytest.Subtests) -> None:
    unknown: list[Any] = ["packed", "FLOAT", "", None, 5, ["float"], {}]
    for encoding in unknown:
        with (
            subtests.test(repr(encoding)),
            pytest.raises(BadExtractRequest, match="encoding must be one of float, base64"),
        ):
            read_batch({"imgs": ["QUJD"], "encoding": encoding}, [])


def test_texts_that_are_no_list_are_refused(subtests: pytest.Subtests) -> None:
    for texts in [5, True, {"0": "QUJD"}]:
        with subtests.test(repr(texts)), pytest.raises(BadExtractRequest, match="imgs must be a list"):
            read_batch({"imgs": texts}, [])


def test_texts_and_files_together_are_refused() -> None:
    with pytest.raises(BadExtractRequest, match="not both"):
        read_batch({"imgs": ["QUJD"]}, [ONE])


def test_the_largest_list_is_taken_and_one_more_is_refused() -> None:
    assert len(read_batch({"imgs": ["QUJD"] * MAX_BATCH}, []).images) == MAX_BATCH == 64
    with pytest.raises(BadExtractRequest, match="at most 64 images; this one has 65"):
        read_batch({"imgs": ["QUJD"] * 65}, [])
    with pytest.raises(BadExtractRequest, match="at most 64"):
        read_batch({}, [ONE] * 65)
