"""How an image becomes the model's square: area averaging where it shrinks, bilinear where it grows."""

import numpy as np
import pytest
from numpy.typing import NDArray

from imaging import FRAMES, Limits, open_image
from imaging.frames import resize
from tests.images import drawing, encoded

NOISE = np.random.default_rng(1).integers(0, 256, (96, 64, 3), np.uint8)


def block_means(pixels: NDArray[np.uint8], down: int, across: int) -> NDArray[np.float64]:
    height, width, _ = pixels.shape
    means: NDArray[np.float64] = pixels.reshape(height // down, down, width // across, across, 3).mean(axis=(1, 3))
    return means


def bilinear(pixels: NDArray[np.float64], length: int) -> NDArray[np.float64]:
    """Grow the first axis: straight lines between the centres of pixels, the outermost ones prolonged."""
    old = pixels.shape[0]
    at = np.clip((np.arange(length) + 0.5) * old / length - 0.5, 0, old - 1)
    below = np.floor(at).astype(int)
    above = np.minimum(below + 1, old - 1)
    share = (at - below)[:, None, None]
    grown: NDArray[np.float64] = pixels[below] * (1 - share) + pixels[above] * share
    return grown


def test_both_sides_shrink_by_area_averaging() -> None:
    assert np.abs(resize(NOISE, 16, 32) - block_means(NOISE, 3, 4)).max() <= 0.51


def test_both_sides_grow_bilinearly() -> None:
    wanted = bilinear(bilinear(NOISE.astype(float), 200).transpose(1, 0, 2), 150).transpose(1, 0, 2)
    assert np.abs(resize(NOISE, 150, 200) - wanted).max() <= 1


def test_a_side_that_shrinks_is_averaged_while_the_other_grows() -> None:
    wanted = bilinear(block_means(NOISE, 1, 4), 200)
    assert np.abs(resize(NOISE, 16, 200) - wanted).max() <= 1.5


def test_a_side_that_grows_is_bilinear_while_the_other_shrinks() -> None:
    wanted = bilinear(block_means(NOISE, 3, 1).transpose(1, 0, 2), 130).transpose(1, 0, 2)
    assert np.abs(resize(NOISE, 130, 32) - wanted).max() <= 1.5


def test_a_side_that_keeps_its_length_is_not_blurred() -> None:
    assert np.abs(resize(NOISE, 64, 32) - block_means(NOISE, 3, 1)).max() <= 0.51


def test_an_image_of_the_right_size_is_not_touched() -> None:
    assert np.array_equal(resize(NOISE, 64, 96), NOISE)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 500), (500, 1), (333, 7)])
def test_any_image_becomes_the_square(width: int, height: int) -> None:
    frame = FRAMES["keras"](open_image(encoded(drawing(width, height), "PNG"), Limits()), 24, None)
    assert frame.shape == (24, 24, 3)
    assert frame.dtype == np.uint8


def test_the_square_does_not_keep_the_aspect() -> None:
    halves = np.zeros((20, 200, 3), np.uint8)
    halves[:, 100:] = 255
    frame = resize(halves, 20, 20)
    assert (frame[:, :10] == 0).all()
    assert (frame[:, 10:] == 255).all()
