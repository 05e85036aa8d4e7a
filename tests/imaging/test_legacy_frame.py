"""``legacy``: exactly what OpenCV gave the published service."""

import cv2
import numpy as np
import pytest

from imaging import FRAMES, Box, Limits, open_image
from imaging.errors import TooManyPixels, TruncatedImage, UnsupportedFormat
from tests.images import drawing, encoded, exif, stored_as

legacy_frame = FRAMES["legacy"]
DRAWING = drawing(300, 200)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "PPM"])
def test_it_is_opencvs_decoding_and_bilinear_resize(kind: str) -> None:
    data = encoded(DRAWING, kind)
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert decoded is not None
    published = cv2.resize(decoded, (224, 224))
    assert np.array_equal(legacy_frame(open_image(data, Limits()), 224, None), published)


def test_the_channels_are_blue_green_red() -> None:
    frame = legacy_frame(open_image(encoded(DRAWING, "PNG"), Limits()), 64, None)
    keras = FRAMES["keras"](open_image(encoded(DRAWING, "PNG"), Limits()), 64, None)
    assert np.abs(frame[..., ::-1].astype(int) - keras).mean() < 1.5
    assert np.abs(frame.astype(int) - keras).mean() > 30


def test_bilinear_shrinking_skips_pixels_where_area_averaging_does_not() -> None:
    """The difference between the two ways; an index made by one is not to be asked with the other."""
    stripes = np.zeros((400, 400, 3), np.uint8)
    stripes[::4] = 255
    data = cv2.imencode(".png", stripes)[1].tobytes()
    legacy = legacy_frame(open_image(data, Limits()), 100, None)
    keras = FRAMES["keras"](open_image(data, Limits()), 100, None)
    assert set(np.unique(legacy)) == {0}
    assert set(np.unique(keras)) == {64}


def test_a_turned_jpeg_is_upright() -> None:
    turned = encoded(stored_as(DRAWING, 6), "JPEG", exif=exif(6))
    frame = legacy_frame(open_image(turned, Limits()), 64, None)
    upright = legacy_frame(open_image(encoded(DRAWING, "JPEG"), Limits()), 64, None)
    assert np.abs(frame.astype(int) - upright).mean() < 3


def test_a_box_is_cut_before_the_resize() -> None:
    frame = legacy_frame(open_image(encoded(DRAWING, "PNG"), Limits()), 32, Box(0.5, 0, 0.5, 1))
    part = legacy_frame(open_image(encoded(DRAWING.crop((150, 0, 300, 200)), "PNG"), Limits()), 32, None)
    assert np.array_equal(frame, part)


@pytest.mark.parametrize(("kind", "name"), [("GIF", "GIF"), ("AVIF", "AVIF"), ("HEIF", "HEIC")])
def test_what_the_published_service_did_not_read_is_refused(kind: str, name: str) -> None:
    with pytest.raises(UnsupportedFormat, match=f"legacy preprocessing does not read {name}"):
        legacy_frame(open_image(encoded(DRAWING, kind), Limits()), 32, None)


def test_a_damaged_png_is_refused_by_name() -> None:
    data = encoded(DRAWING, "PNG")
    with pytest.raises(TruncatedImage, match="PNG image is cut short or damaged"):
        legacy_frame(open_image(data[:60], Limits()), 32, None)


def test_what_opencv_refuses_to_decode_is_named_too() -> None:
    wide = b"P5 1100000 1 255\n" + bytes(1_100_000)  # OpenCV's own limit on a side is 2 ** 20
    with pytest.raises(TooManyPixels, match="OpenCV refuses"):
        legacy_frame(open_image(wide, Limits()), 32, None)
