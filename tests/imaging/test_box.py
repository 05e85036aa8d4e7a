"""A box: part of an image in fractions of its upright sides."""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from imaging import FRAMES, Box, Limits, open_image, parse_box
from imaging.errors import BadBox
from tests.images import drawing, encoded, exif, stored_as

keras_frame = FRAMES["keras"]


def test_a_box_is_four_fractions(subtests: pytest.Subtests) -> None:
    for value in ["0.1,0.2,0.3,0.4", " 0.1 , 2e-1,.3,0.4 ", [0.1, 0.2, 0.3, 0.4], (0.1, "0.2", 0.3, 0.4)]:
        with subtests.test(value=value):
            assert parse_box(value) == Box(0.1, 0.2, 0.3, 0.4)


@pytest.mark.parametrize("value", [None, ""])
def test_no_box_means_the_whole_image(value: Any) -> None:
    assert parse_box(value) is None


def test_anything_but_four_numbers_is_refused(subtests: pytest.Subtests) -> None:
    for value in [
        "a,b",
        "0,0,1",
        "0,0,1,1,1",
        ",,,",
        "0;0;1;1",
        5,
        True,
        {},
        {"x": 0, "y": 0, "w": 1, "h": 1},
        [],
        [0, 0, 1, None],
        [0, 0, 1, [1]],
        [0, 0, 1, 10**400],
    ]:
        with subtests.test(repr(value)[:20]), pytest.raises(BadBox, match="four numbers"):
            parse_box(value)


def test_a_box_that_is_not_inside_the_image_is_refused(subtests: pytest.Subtests) -> None:
    for value in [
        "0,0,0,0",
        "0,0,1,0",
        "0,0,1e-7,1",
        "0,0,2,2",
        "-1,0,1,1",
        "0,-0.1,1,1",
        "0.6,0,0.5,1",
        "0,0.1,1,0.91",
        "nan,0,1,1",
        "0,0,inf,1",
    ]:
        with subtests.test(value=value), pytest.raises(BadBox, match="not inside the image"):
            parse_box(value)


def test_a_box_whose_parts_were_rounded_is_taken() -> None:
    thirds = parse_box("0.3333333,0.6666667,0.6666667,0.3333333")
    assert thirds is not None
    assert thirds.pixels(300, 300) == (100, 200, 300, 300)


def test_a_box_survives_its_own_spelling() -> None:
    assert parse_box(str(Box(0.1, 0.25, 1 / 3, 0.5))) == Box(0.1, 0.25, 1 / 3, 0.5)


def test_a_box_has_at_least_one_pixel_and_stays_inside(subtests: pytest.Subtests) -> None:
    for width, height in [(1, 1), (3, 2), (7, 1000), (4000, 3)]:
        for value in ["0,0,1e-6,1e-6", "1,1,1e-6,1e-6", "0.999,0.5,0.001,0.5", "0,0,1,1", "0.5,0.5,0.5,0.5"]:
            with subtests.test(width=width, height=height, value=value):
                box = parse_box(value)
                assert box is not None
                left, top, right, bottom = box.pixels(width, height)
                assert 0 <= left < right <= width
                assert 0 <= top < bottom <= height


def test_a_frame_of_a_box_equals_the_frame_of_the_cropped_image() -> None:
    whole = drawing(120, 80)
    part = whole.crop((30, 8, 90, 72))
    boxed = keras_frame(open_image(encoded(whole, "PNG"), Limits()), 32, Box(0.25, 0.1, 0.5, 0.8))
    assert np.array_equal(boxed, keras_frame(open_image(encoded(part, "PNG"), Limits()), 32, None))


def test_a_box_is_meant_on_the_upright_image(subtests: pytest.Subtests) -> None:
    for orientation in range(1, 9):
        with subtests.test(orientation=orientation):
            whole = drawing(120, 80)
            part = np.asarray(whole.crop((0, 0, 32, 32)))
            data = encoded(stored_as(whole, orientation), "PNG", exif=exif(orientation))
            assert np.array_equal(keras_frame(open_image(data, Limits()), 32, Box(0, 0, 32 / 120, 32 / 80)), part)


def test_transparency_is_kept_through_a_box() -> None:
    image = Image.new("P", (64, 64))
    image.putpalette([200, 0, 0])
    data = encoded(image, "PNG", transparency=0)
    assert (keras_frame(open_image(data, Limits()), 16, Box(0.5, 0.5, 0.5, 0.5)) == 255).all()
