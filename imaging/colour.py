"""Converts any colour mode to 8-bit RGB.

Transparent pixels are laid over white, 16 bits a channel are scaled to 8, palettes and CMYK are converted. The image is
converted in strips, so that a large one takes the memory of itself and the result, not of several copies.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from imaging.errors import TooManyPixels, UnsupportedFormat

Rgb = NDArray[np.uint8]  # (height, width, 3)

_STRIP_ROWS = 256
_WIDE_MODES = ("I", "F")


def to_rgb(image: Image.Image) -> Rgb:
    """Return the decoded ``image`` as (height, width, 3) uint8 RGB; raises TooManyPixels or UnsupportedFormat."""
    width, height = image.size
    try:
        if image.mode == "RGB" and "transparency" not in image.info:
            return np.asarray(image)
        result = np.empty((height, width, 3), np.uint8)
        scale = _float_scale(image) if image.mode == "F" else 1.0
        for top in range(0, height, _STRIP_ROWS):
            strip = image.crop((0, top, width, min(top + _STRIP_ROWS, height)))
            result[top : top + _STRIP_ROWS] = _convert(strip, scale)
    except MemoryError:
        raise TooManyPixels(f"There is not enough memory to convert {width} x {height} pixels.") from None
    except ValueError as error:
        raise UnsupportedFormat(f"Images of colour mode {image.mode} are not read ({error}).") from None
    return result


def _convert(strip: Image.Image, scale: float) -> Rgb:
    if strip.mode.startswith(_WIDE_MODES):
        return _grey_to_rgb(strip, scale)
    if strip.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in strip.info:
        return _over_white(strip)
    return np.asarray(strip.convert("RGB"))


def _grey_to_rgb(strip: Image.Image, scale: float) -> Rgb:
    values = np.asarray(strip)
    if strip.mode == "F":
        grey = np.clip(np.nan_to_num(values * scale), 0, 255).astype(np.uint8)
    else:  # 16 bits a channel, held in 16 or 32
        grey = (np.clip(values, 0, 0xFFFF).astype(np.uint32) // 257).astype(np.uint8)
        if "transparency" in strip.info:  # one grey value that stands for transparent
            grey[values == strip.info["transparency"]] = 255
    return np.repeat(grey[:, :, None], 3, axis=2)


def _over_white(strip: Image.Image) -> Rgb:
    rgba = strip.convert("RGBA")
    white = Image.new("RGBA", rgba.size, "white")
    return np.asarray(Image.alpha_composite(white, rgba).convert("RGB"))


def _float_scale(image: Image.Image) -> float:
    """Return the factor to 0..255: float images hold 0..1 or 0..255, which the largest value says."""
    high = image.getextrema()[1]
    return 255.0 if isinstance(high, float) and high <= 1.0 else 1.0
