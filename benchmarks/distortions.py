"""Changes of a photo beyond turning and cutting: covered, mirrored, blurred, darkened and so on.

As in :mod:`benchmarks.changes`, pixels and a strength go in, pixels come out, the same on every run.
"""

import math
import zlib

import cv2
import numpy as np

from imaging.colour import Rgb

_SEED = 2024
_MID_GREY = 127
_MAX_SIGMA = 8.0  # pixels


def seeded_rng(rgb: Rgb, *salt: int) -> np.random.Generator:
    """Return a generator that is the same on every run, seeded with the photo's own pixels."""
    return np.random.default_rng((_SEED, zlib.crc32(rgb.tobytes()), *salt))


def cover(rgb: Rgb, percent: float) -> Rgb:
    """Cover ``percent`` of the area with a grey rectangle of the photo's aspect, at a drawn position."""
    side = math.sqrt(percent / 100)
    height, width = (round(length * side) for length in rgb.shape[:2])
    x, y = seeded_rng(rgb).random(2)
    top, left = round(y * (rgb.shape[0] - height)), round(x * (rgb.shape[1] - width))
    covered = rgb.copy()
    covered[top : top + height, left : left + width] = _MID_GREY
    return covered


def mirror(rgb: Rgb, way: float) -> Rgb:
    """Mirror the photo: 1 swaps left and right, 2 top and bottom, 3 both."""
    return rgb[:: -1 if way in (2, 3) else 1, :: -1 if way in (1, 3) else 1]


def slant(rgb: Rgb, percent: float) -> Rgb:
    """Map the photo affinely: three corners move in drawn directions, by up to ``percent`` of the sides.

    Empty corners repeat its edge.
    """
    height, width = rgb.shape[:2]
    corners = np.array([(0, 0), (width - 1, 0), (0, height - 1)], np.float32)
    shifts = seeded_rng(rgb).uniform(-1, 1, (3, 2)) * (width, height) * percent / 100
    matrix = cv2.getAffineTransform(corners, (corners + shifts).astype(np.float32))
    return np.asarray(cv2.warpAffine(rgb, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def blur(rgb: Rgb, percent: float) -> Rgb:
    """Blur the photo by a Gaussian with a standard deviation of ``percent`` of the shorter side."""
    height, width = rgb.shape[:2]
    sigma = min(height, width) * percent / 100
    if not sigma:
        return rgb
    scale = min(1.0, _MAX_SIGMA / sigma)  # a wide blur is slow, and leaves nothing that a smaller image lacks
    small = cv2.GaussianBlur(shrink(rgb, 100 * scale), (0, 0), sigma * scale)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.uint8)


def recompress(rgb: Rgb, quality: float) -> Rgb:
    """Return the photo after it was written as JPEG of ``quality`` (1 to 100) and read."""
    _, data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, round(quality)])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)[..., ::-1]


def brighten(rgb: Rgb, percent: float) -> Rgb:
    """Multiply every value by ``percent`` / 100, at most to white."""
    return np.asarray(cv2.convertScaleAbs(rgb, alpha=percent / 100), np.uint8)


def fade(rgb: Rgb, percent: float) -> Rgb:
    """Take ``percent`` of the colour away; at 100 the photo is grey."""
    grey = cv2.cvtColor(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    return np.asarray(cv2.addWeighted(rgb, 1 - percent / 100, grey, percent / 100, 0), np.uint8)


def within(side: int, rgb: Rgb) -> Rgb:
    """Scale a larger photo down until its longer side has ``side`` pixels."""
    return shrink(rgb, min(100.0, 100 * side / max(rgb.shape)))


def shrink(rgb: Rgb, percent: float) -> Rgb:
    """Scale the photo down to ``percent`` of its width and of its height."""
    height, width = (max(1, round(length * percent / 100)) for length in rgb.shape[:2])
    return np.asarray(cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA), np.uint8)
