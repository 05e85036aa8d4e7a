"""The EXIF orientation: a turned file with its tag is the same image as the upright one."""

import struct
import zlib

import numpy as np
import pytest
from PIL import ImageFile

from imaging import Limits, open_image
from tests.images import drawing, encoded, exif, stored_as
from tests.imaging.decode import decode

UPRIGHT = drawing(48, 32)
LOSSLESS = ["PNG", "TIFF", "WEBP", "HEIF"]
TURNS = range(1, 9)


@pytest.mark.parametrize("kind", LOSSLESS)
def test_a_turned_file_equals_the_upright_image(subtests: pytest.Subtests, kind: str) -> None:
    for orientation in TURNS:
        with subtests.test(orientation=orientation):
            data = encoded(stored_as(UPRIGHT, orientation), kind, exif=exif(orientation))
            assert np.array_equal(decode(data), np.asarray(UPRIGHT))


@pytest.mark.parametrize("kind", ["JPEG", "AVIF"])
def test_a_turned_lossy_file_is_as_near_as_the_upright_one(subtests: pytest.Subtests, kind: str) -> None:
    for orientation in TURNS:
        with subtests.test(orientation=orientation):
            data = encoded(stored_as(UPRIGHT, orientation), kind, exif=exif(orientation))
            assert np.abs(decode(data).astype(int) - np.asarray(UPRIGHT)).mean() < 2


def test_the_size_is_that_of_the_upright_image(subtests: pytest.Subtests) -> None:
    for orientation in TURNS:
        with subtests.test(orientation=orientation):
            data = encoded(stored_as(UPRIGHT, orientation), "JPEG", exif=exif(orientation))
            image = open_image(data, Limits())
            assert (image.width, image.height) == (48, 32)


def test_an_orientation_that_does_not_exist_means_upright(subtests: pytest.Subtests) -> None:
    for value in [0, 9, 77, 65535]:
        with subtests.test(value=value):
            data = encoded(UPRIGHT, "PNG", exif=exif(value))
            assert np.array_equal(decode(data), np.asarray(UPRIGHT))
            assert open_image(data, Limits()).width == 48


def test_an_image_without_a_tag_is_upright() -> None:
    assert np.array_equal(decode(encoded(UPRIGHT, "PNG")), np.asarray(UPRIGHT))


def test_broken_exif_data_do_not_cost_the_image(subtests: pytest.Subtests) -> None:
    for junk in [b"", b"Exif\x00\x00", b"Exif\x00\x00II*\x00\xff\xff\xff\x7f", b"Exif\x00\x00" + b"\xff" * 40]:
        with subtests.test(junk=junk):
            assert np.array_equal(decode(encoded(UPRIGHT, "WEBP", exif=junk)), np.asarray(UPRIGHT))


def test_a_png_whose_tag_comes_behind_its_pixels_is_turned_too() -> None:
    """Tools that edit a file's tags put them at its end."""
    data = encoded(stored_as(UPRIGHT, 6), "PNG")
    body = b"eXIf" + exif(6).removeprefix(b"Exif\x00\x00")
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    assert np.array_equal(decode(data[:-12] + chunk + data[-12:]), np.asarray(UPRIGHT))


def test_opening_a_png_does_not_decode_it_to_look_for_a_tag() -> None:
    image = open_image(encoded(UPRIGHT, "PNG"), Limits()).image
    assert isinstance(image, ImageFile.ImageFile)
    assert image.tile  # Pillow empties its list of what is to be decoded when that is done
