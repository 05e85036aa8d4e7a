"""The fingerprint: everything that a vector depends on."""

from dataclasses import replace

import pytest

from extractor.fingerprint import Fingerprint

ONE = Fingerprint("vgg19", "ab" * 32, "max", "keras", 224, 512, "float")


def test_its_text_is_one_line_of_header_characters() -> None:
    assert str(ONE) == "vgg19:abababababababab:max:keras:224:512:float"
    assert str(ONE).isascii()
    assert " " not in str(ONE)


def test_any_difference_shows_in_the_text(subtests: pytest.Subtests) -> None:
    for change in [
        {"model": "vgg16"},
        {"weights": "cd" * 32},
        {"pooling": "avg"},
        {"preprocessing": "legacy"},
        {"size": 160},
        {"dim": 1280},
        {"precision_class": "int8"},
    ]:
        with subtests.test(str(change)):
            assert str(replace(ONE, **change)) != str(ONE)  # type: ignore[arg-type]


def test_random_weights_are_named_in_it() -> None:
    assert ":random-seed-0:" in str(replace(ONE, weights="random-seed-0"))
