"""Changed copies of a photo: the same on every run, sized as asked for, and farther off with more strength."""

from pathlib import Path

import numpy as np
import pytest

from benchmarks.changes import ALL_CHANGES, CHANGES, QUARTER_TURNS, SMALL_CHANGES, Change, crop, turn_and_crop
from benchmarks.distortions import cover, fade, mirror, recompress, shrink, slant, within
from benchmarks.images import read_rgb
from imaging.colour import Rgb
from tests.images import drawing

UNTOUCHED = {
    "turned, white corners, degrees": 0,
    "turned, edge drawn out, degrees": 0,
    "turned and cut, degrees": 0,
    "turned whole, degrees": 0,
    "cropped to % of each side": 100,
    "covered, % of the area": 0,
    "mirrored, 1 across, 2 down, 3 both": 0,
    "affine, corners moved by up to %": 0,
    "blurred, sigma in % of a side": 0,
    "brightness, %": 100,
    "grey, % of the colour taken": 0,
    "scaled to % of each side": 100,
}
CHANGE_SIZE = ("turned and cut", "turned whole", "cropped", "scaled")


@pytest.fixture(scope="module")
def photo(photographs: list[Path]) -> Rgb:
    """The cat, 451 x 300."""
    return read_rgb(photographs[1])


def test_the_same_photo_and_strength_give_the_same_copy(subtests: pytest.Subtests, photo: Rgb) -> None:
    for name in CHANGES:
        with subtests.test(name=name):
            before = photo.copy()
            copy, again = (CHANGES[name](photo.copy(), 30) for _ in range(2))
            assert np.array_equal(copy, again)
            assert np.array_equal(photo, before)
            assert copy.dtype == np.uint8
            assert copy.shape == photo.shape or name.startswith(CHANGE_SIZE)


def test_without_strength_nothing_changes(subtests: pytest.Subtests, photo: Rgb) -> None:
    for name, strength in UNTOUCHED.items():
        with subtests.test(name=name, strength=strength):
            assert np.array_equal(CHANGES[name](photo, strength), photo)


def test_every_change_but_recompressing_can_be_without_strength() -> None:
    assert set(CHANGES) - set(UNTOUCHED) == {"recompressed, JPEG quality"}


@pytest.mark.parametrize("strengths", [SMALL_CHANGES, ALL_CHANGES, QUARTER_TURNS])
def test_every_listed_strength_can_be_applied_to_a_tiny_image(strengths: dict[str, tuple[float, ...]]) -> None:
    tiny = np.asarray(drawing(3, 2))
    for name, row in strengths.items():
        for strength in row:
            copy = CHANGES[name](tiny, strength)
            assert copy.ndim == 3
            assert copy.shape[2] == 3
            assert copy.size > 0


def test_the_listed_strengths_go_from_mild_to_strong(subtests: pytest.Subtests, photo: Rgb) -> None:
    for name in [
        "covered, % of the area",
        "affine, corners moved by up to %",
        "blurred, sigma in % of a side",
        "recompressed, JPEG quality",
        "grey, % of the colour taken",
    ]:
        with subtests.test(name=name):
            copies = [CHANGES[name](photo, strength) for strength in ALL_CHANGES[name]]
            distances = [np.abs(copy.astype(float) - photo).mean() for copy in copies]
            assert distances == sorted(distances)
            assert distances[0] > 0


def test_as_much_is_covered_as_was_asked_for() -> None:
    white = np.full((100, 200, 3), 255, np.uint8)
    assert np.mean(cover(white, 25) == 127) == 0.25


def test_mirroring_twice_gives_the_photo_back(photo: Rgb) -> None:
    assert np.array_equal(mirror(photo, 1), photo[:, ::-1])
    assert np.array_equal(mirror(photo, 2), photo[::-1])
    assert np.array_equal(mirror(mirror(photo, 1), 2), mirror(photo, 3))
    assert np.array_equal(mirror(mirror(photo, 3), 3), photo)


def test_without_its_colour_a_photo_is_grey(photo: Rgb) -> None:
    grey = fade(photo, 100)
    assert np.array_equal(grey[..., 0], grey[..., 1])
    assert np.array_equal(grey[..., 0], grey[..., 2])


@pytest.mark.parametrize(("change", "shape"), [(shrink, (30, 45, 3)), (crop, (30, 45, 3))])
def test_percent_are_of_each_side(photo: Rgb, change: Change, shape: tuple[int, ...]) -> None:
    assert change(photo, 10).shape == shape


def test_a_large_photo_is_scaled_down_and_a_small_one_is_left_alone(photo: Rgb) -> None:
    assert within(200, photo).shape == (133, 200, 3)
    assert np.array_equal(within(451, photo), photo)


@pytest.mark.parametrize("degrees", [100, 190, 350])
def test_a_turned_photo_can_be_cut_at_any_angle(photo: Rgb, degrees: int) -> None:
    height, width = turn_and_crop(photo, degrees).shape[:2]
    assert 100 < height <= 300
    assert width == pytest.approx(height * 451 / 300, abs=2)


@pytest.mark.parametrize("change", [cover, slant])
def test_another_photo_is_changed_at_another_place(photo: Rgb, change: Change) -> None:
    other = photo.copy()
    other[0, 0] ^= 1
    assert np.abs(change(photo, 20).astype(int) - change(other, 20)).max() > 1


def test_recompressing_keeps_red_red() -> None:
    red = np.full((16, 16, 3), (200, 20, 30), np.uint8)
    assert np.abs(recompress(red, 90).astype(int) - red).max() < 12
