"""Thumbnails: small, upright, over white, JPEG, and never larger than the image."""

import io

import numpy as np
import pytest
from PIL import Image

from imaging import Limits, make_thumbnail, open_image
from imaging.errors import TruncatedImage
from tests.images import drawing, encoded, exif, stored_as


def thumbnail(data: bytes, side: int) -> Image.Image:
    image = Image.open(io.BytesIO(make_thumbnail(open_image(data, Limits()), side)))
    assert (image.format, image.mode) == ("JPEG", "RGB")
    return image


def test_the_longer_side_is_the_one_asked_for(subtests: pytest.Subtests) -> None:
    for size, wanted in [((600, 400), (120, 80)), ((400, 600), (80, 120)), ((121, 5), (120, 5)), ((5000, 3), (120, 1))]:
        with subtests.test(size=size, wanted=wanted):
            assert thumbnail(encoded(drawing(*size), "PNG"), 120).size == wanted


def test_a_small_image_is_not_enlarged(subtests: pytest.Subtests) -> None:
    for size in [(120, 80), (30, 20), (1, 1)]:
        with subtests.test(size=size):
            assert thumbnail(encoded(drawing(*size), "PNG"), 120).size == size


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_it_is_upright_and_needs_no_tag(subtests: pytest.Subtests, kind: str) -> None:
    for orientation in range(1, 9):
        with subtests.test(orientation=orientation):
            upright = drawing(600, 400)
            image = thumbnail(encoded(stored_as(upright, orientation), kind, exif=exif(orientation)), 60)
            assert image.size == (60, 40)
            assert not image.getexif()
            assert np.abs(np.asarray(image).astype(int) - np.asarray(drawing(60, 40))).mean() < 5


def test_transparency_is_white() -> None:
    image = thumbnail(encoded(Image.new("RGBA", (50, 50)), "PNG"), 20)
    assert np.asarray(image).min() >= 254


def test_a_damaged_image_is_refused_by_name() -> None:
    with pytest.raises(TruncatedImage):
        thumbnail(encoded(drawing(300, 200), "JPEG")[:1000], 20)


def test_a_large_jpeg_is_not_decoded_in_full() -> None:
    image = open_image(encoded(drawing(1600, 1200), "JPEG"), Limits())
    make_thumbnail(image, 100)
    assert image.image.size == (400, 300)
