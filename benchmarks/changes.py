"""Changed copies of a photo: turned, cropped, recompressed.

Each change takes (height, width, 3) uint8 RGB pixels and a strength and returns pixels of the same kind. Nothing is
left to chance: the same photo and strength give the same copy on every run.
"""

import math
import zlib
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import cv2
import numpy as np

from imaging.colour import Rgb

Change = Callable[[Rgb, float], Rgb]

_SEED = 2024
_WHITE = (255, 255, 255)


def turn_on_white(rgb: Rgb, degrees: float) -> Rgb:
    """Turned counter-clockwise about the centre; the size stays, the corners that come free are white."""
    return _turn(rgb, degrees, cv2.BORDER_CONSTANT)


def turn_on_edge(rgb: Rgb, degrees: float) -> Rgb:
    """As :func:`turn_on_white`, the free corners filled by drawing out the photo's edge."""
    return _turn(rgb, degrees, cv2.BORDER_REPLICATE)


def turn_and_crop(rgb: Rgb, degrees: float) -> Rgb:
    """Turned by up to 90 degrees, then cut to the largest centred part of the same aspect without free corners."""
    height, width = rgb.shape[:2]
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    scale = min(width / (width * cosine + height * sine), height / (width * sine + height * cosine))
    return _cut(_turn(rgb, degrees, cv2.BORDER_REPLICATE), scale, 0.5, 0.5)


def quarter_turn(rgb: Rgb, degrees: float) -> Rgb:
    """Turned counter-clockwise by a multiple of 90 degrees, without loss."""
    return np.rot90(rgb, round(degrees / 90))


def crop(rgb: Rgb, percent: float) -> Rgb:
    """``percent`` of the width and of the height, at a place drawn with a fixed seed and the photo's own pixels."""
    x, y = np.random.default_rng((_SEED, zlib.crc32(rgb.tobytes()), round(percent))).random(2)
    return _cut(rgb, percent / 100, x, y)


def recompress(rgb: Rgb, quality: float) -> Rgb:
    """Written and read once as JPEG of that quality (1 to 100)."""
    _, data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, round(quality)])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)[..., ::-1]


CHANGES: Mapping[str, Change] = MappingProxyType(
    {
        "turned, white corners, degrees": turn_on_white,
        "turned, edge drawn out, degrees": turn_on_edge,
        "turned and cut, degrees": turn_and_crop,
        "cropped to % of each side": crop,
        "recompressed, JPEG quality": recompress,
        "turned whole, degrees": quarter_turn,
    }
)
Strengths = Mapping[str, Sequence[float]]  # which strengths of which of the changes
SMALL_CHANGES: Strengths = MappingProxyType(
    {
        "turned, white corners, degrees": (5, 10, 15),
        "turned, edge drawn out, degrees": (5, 10, 15),
        "turned and cut, degrees": (5, 10, 15),
        "cropped to % of each side": (90, 80, 70),
        "recompressed, JPEG quality": (90, 50, 20),
    }
)
QUARTER_TURNS: Strengths = MappingProxyType({"turned whole, degrees": (90, 180, 270)})


def changed_copies(rgb: Rgb, strengths: Strengths) -> dict[str, Rgb]:
    """The copies of one photo, each under the name of its change and the strength."""
    return {f"{name} {strength:g}": CHANGES[name](rgb, strength) for name, row in strengths.items() for strength in row}


def _turn(rgb: Rgb, degrees: float, border: int) -> Rgb:
    height, width = rgb.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    turned = cv2.warpAffine(rgb, matrix, (width, height), borderMode=border, borderValue=_WHITE)
    return np.asarray(turned, np.uint8)


def _cut(rgb: Rgb, scale: float, x: float, y: float) -> Rgb:
    """A part ``scale`` times as wide and high; ``x`` and ``y`` place it, from 0 (left, top) to 1 (right, bottom)."""
    height, width = rgb.shape[:2]
    new_height, new_width = max(1, int(height * scale)), max(1, int(width * scale))
    top, left = round(y * (height - new_height)), round(x * (width - new_width))
    return rgb[top : top + new_height, left : left + new_width]
