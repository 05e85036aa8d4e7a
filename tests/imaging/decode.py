"""Bytes to upright pixels, for tests that look at single pixels."""

from imaging import Limits, open_image
from imaging.colour import Rgb, to_rgb
from imaging.orientation import upright


def decode(data: bytes) -> Rgb:
    """``data`` as (height, width, 3) RGB: turned, over white, in 8 bits, not resized."""
    image = open_image(data, Limits())
    return to_rgb(upright(image.load(), image.orientation))
