"""Of an animation, the first frame counts."""

import numpy as np
import pytest
from PIL import Image

from tests.images import drawing, encoded
from tests.imaging.decode import decode

FIRST = drawing(40, 30).quantize(200).convert("RGB")
REST = [Image.new("RGB", (40, 30), "red"), Image.new("RGB", (40, 30), "blue")]


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF", "AVIF", "HEIF"])
def test_the_first_frame_of_several_is_taken(kind: str) -> None:
    data = encoded(FIRST, kind, save_all=True, append_images=REST)
    with_rest, alone = decode(data), decode(encoded(FIRST, kind))
    assert with_rest.shape == (30, 40, 3)
    assert np.abs(with_rest.astype(int) - alone).mean() < 1


def test_the_image_before_an_animation_is_its_first_frame() -> None:
    """An animated PNG may show another image where animations are not known."""
    data = encoded(FIRST, "PNG", save_all=True, append_images=REST, default_image=True)
    assert np.array_equal(decode(data), np.asarray(FIRST))


def test_the_first_image_of_a_multi_picture_jpeg_is_taken() -> None:
    data = encoded(FIRST, "MPO", save_all=True, append_images=REST)
    assert np.abs(decode(data).astype(int) - np.asarray(FIRST)).mean() < 8


def test_a_gif_frame_that_covers_a_part_leaves_the_rest_white() -> None:
    frame = Image.new("P", (8, 8))
    frame.putpalette([0, 0, 0, 200, 0, 0])
    frame.paste(1, (0, 0, 4, 8))
    pixels = decode(encoded(frame, "GIF", transparency=0))
    assert pixels[0, 0].tolist() == [200, 0, 0]
    assert pixels[0, 7].tolist() == [255, 255, 255]
