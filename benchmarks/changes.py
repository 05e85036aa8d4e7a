"""Changed copies of a photo: turned, cropped, and by all of :mod:`benchmarks.distortions`.

Each change takes (height, width, 3) uint8 RGB pixels and a strength and returns pixels of the same kind. Nothing is
left to chance: the same photo and strength give the same copy on every run.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import cv2
import numpy as np

from benchmarks import distortions
from imaging.colour import Rgb

Change = Callable[[Rgb, float], Rgb]

_WHITE = (255, 255, 255)


def turn_on_white(rgb: Rgb, degrees: float) -> Rgb:
    """Return the photo turned counter-clockwise about its centre, in the same size, with white corners."""
    return _turn(rgb, degrees, cv2.BORDER_CONSTANT)


def turn_on_edge(rgb: Rgb, degrees: float) -> Rgb:
    """Return the photo turned as by :func:`turn_on_white`, with corners that repeat its edge."""
    return _turn(rgb, degrees, cv2.BORDER_REPLICATE)


def turn_and_crop(rgb: Rgb, degrees: float) -> Rgb:
    """Return the photo turned, then cut to the largest centred part of the same aspect without empty corners."""
    height, width = rgb.shape[:2]
    cosine, sine = abs(math.cos(math.radians(degrees))), abs(math.sin(math.radians(degrees)))
    scale = min(width / (width * cosine + height * sine), height / (width * sine + height * cosine))
    return _cut(_turn(rgb, degrees, cv2.BORDER_REPLICATE), scale, 0.5, 0.5)


def quarter_turn(rgb: Rgb, degrees: float) -> Rgb:
    """Return the photo turned counter-clockwise by a multiple of 90 degrees, without loss."""
    return np.rot90(rgb, round(degrees / 90))


def crop(rgb: Rgb, percent: float) -> Rgb:
    """Return ``percent`` of the width and of the height, at a position drawn from a fixed seed and the pixels."""
    x, y = distortions.seeded_rng(rgb, round(percent)).random(2)
    return _cut(rgb, percent / 100, x, y)


CHANGES: Mapping[str, Change] = MappingProxyType(
    {
        "turned, white corners, degrees": turn_on_white,
        "turned, edge drawn out, degrees": turn_on_edge,
        "turned and cut, degrees": turn_and_crop,
        "cropped to % of each side": crop,
        "covered, % of the area": distortions.cover,
        "mirrored, 1 across, 2 down, 3 both": distortions.mirror,
        "affine, corners moved by up to %": distortions.slant,
        "blurred, sigma in % of a side": distortions.blur,
        "recompressed, JPEG quality": distortions.recompress,
        "brightness, %": distortions.brighten,
        "grey, % of the colour taken": distortions.fade,
        "scaled to % of each side": distortions.shrink,
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
# Every kind of change, from small to far beyond what a searcher would call the same photo.
ALL_CHANGES: Strengths = MappingProxyType(
    {
        "turned, white corners, degrees": (5, 15, 30, 45, 90, 180),
        "turned, edge drawn out, degrees": (5, 15, 30, 45, 90, 180),
        "cropped to % of each side": (90, 75, 60, 45, 30, 15),
        "covered, % of the area": (5, 10, 20, 40, 60, 80),
        "mirrored, 1 across, 2 down, 3 both": (1, 2, 3),
        "affine, corners moved by up to %": (5, 10, 20, 30, 40, 50),
        "blurred, sigma in % of a side": (0.5, 1, 2, 4, 8),
        "recompressed, JPEG quality": (90, 50, 20, 10, 5, 1),
        "brightness, %": (75, 50, 25, 10, 150, 200, 300),
        "grey, % of the colour taken": (25, 50, 75, 100),
        "scaled to % of each side": (50, 25, 10, 5, 2),
    }
)
QUARTER_TURNS: Strengths = MappingProxyType({"turned whole, degrees": (90, 180, 270)})


def changed_copies(rgb: Rgb, strengths: Strengths) -> dict[str, Rgb]:
    """Return the changed copies of one photo, by the name of the change and the strength."""
    return {f"{name} {strength:g}": CHANGES[name](rgb, strength) for name, row in strengths.items() for strength in row}


def _turn(rgb: Rgb, degrees: float, border: int) -> Rgb:
    height, width = rgb.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), degrees, 1.0)
    turned = cv2.warpAffine(rgb, matrix, (width, height), borderMode=border, borderValue=_WHITE)
    return np.asarray(turned, np.uint8)


def _cut(rgb: Rgb, scale: float, x: float, y: float) -> Rgb:
    """Return a part ``scale`` times as wide and high, at ``x`` and ``y`` from 0 (left, top) to 1 (right, bottom)."""
    height, width = rgb.shape[:2]
    new_height, new_width = max(1, int(height * scale)), max(1, int(width * scale))
    top, left = round(y * (height - new_height)), round(x * (width - new_width))
    return rgb[top : top + new_height, left : left + new_width]
