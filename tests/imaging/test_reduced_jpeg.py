"""A JPEG is decoded at reduced scale where that leaves at least twice the model's size on both sides."""

from functools import cache

import numpy as np
import pytest

from imaging import FRAMES, Box, EncodedImage, Limits, open_image
from tests.images import drawing, encoded, exif, stored_as

SIZE = 32


@cache
def stored(width: int, height: int, orientation: int, kind: str) -> bytes:
    """A file whose image is upright ``width`` x ``height``, and stored turned."""
    return encoded(stored_as(drawing(width, height), orientation), kind, exif=exif(orientation))


def opened(width: int, height: int, orientation: int = 1, kind: str = "JPEG") -> EncodedImage:
    """The file of :func:`stored`, its header read."""
    return open_image(stored(width, height, orientation, kind), Limits())


def decoded_sides(image: EncodedImage, box: Box | None = None) -> tuple[int, int]:
    """Width and height, as stored, that are decoded for a model of SIZE."""
    image.reduce_for(SIZE, box)
    return image.load().size


def test_it_is_reduced_as_far_as_both_sides_allow(subtests: pytest.Subtests) -> None:
    for size, decoded in [
        ((512, 512), (64, 64)),
        ((511, 512), (128, 128)),
        ((256, 2000), (64, 500)),
        ((2000, 128), (1000, 64)),
        ((128, 128), (64, 64)),
        ((127, 128), (127, 128)),
        ((64, 4000), (64, 4000)),
        ((20, 20), (20, 20)),
    ]:
        with subtests.test(size=size, decoded=decoded):
            assert decoded_sides(opened(*size)) == decoded


@pytest.mark.parametrize("orientation", range(1, 9))
def test_twice_the_size_is_left_of_every_box_in_every_turn(subtests: pytest.Subtests, orientation: int) -> None:
    for width, height in [(512, 256), (256, 512), (700, 130), (130, 700), (1030, 520)]:
        for box in [None, Box(0, 0, 1, 0.5), Box(0.5, 0, 0.5, 1), Box(0.1, 0.3, 0.26, 0.7)]:
            with subtests.test(width=width, height=height, box=str(box)):
                sides = decoded_sides(opened(width, height, orientation), box)
                upright = sides[::-1] if orientation >= 5 else sides
                reduction = round(width / upright[0])
                for full, left, share in zip((width, height), upright, (box.w, box.h) if box else (1, 1), strict=True):
                    assert reduction == 1 or left * share >= 2 * SIZE
                    assert left == -(-full // reduction)


def test_it_is_reduced_no_less_than_it_may_be_when_the_image_is_turned() -> None:
    """A turned image whose sides were mixed up would be reduced for the wrong one."""
    box = Box(0, 0, 0.25, 1)
    assert decoded_sides(opened(1024, 256, 1), box) == (256, 64)
    assert decoded_sides(opened(1024, 256, 6), box) == (64, 256)


def test_a_frame_of_a_box_is_cut_out_of_enough_pixels() -> None:
    image = opened(512, 512)
    FRAMES["keras"](image, SIZE, Box(0.5, 0.5, 0.25, 0.25))
    assert image.image.size == (256, 256)


def test_no_other_format_is_reduced() -> None:
    assert decoded_sides(opened(512, 512, kind="PNG")) == (512, 512)


def test_a_multi_picture_jpeg_is_reduced_like_any_other() -> None:
    image = drawing(512, 512)
    photo = open_image(encoded(image, "MPO", save_all=True, append_images=[image]), Limits())
    assert decoded_sides(photo) == (64, 64)


@pytest.mark.parametrize("box", [None, Box(0.3, 0.1, 0.6, 0.5)], ids=str)
def test_the_reduced_frame_is_that_of_the_full_image(box: Box | None) -> None:
    image = drawing(1000, 800)
    reduced = FRAMES["keras"](open_image(encoded(image, "JPEG"), Limits()), SIZE, box)
    full = FRAMES["keras"](open_image(encoded(image, "PNG"), Limits()), SIZE, box)
    assert np.abs(reduced.astype(int) - full).mean() < 2
