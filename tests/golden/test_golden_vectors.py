"""Every frozen decision gives the vector that it gave when it was frozen."""

import pytest

from extractor.engines.base import Vectors
from tests.extractor.real.networks import cosines, has_weights, need_weights
from tests.golden.images import odd_images
from tests.golden.vectors import golden, network_vector, networks, odd_vectors

NAMES = list(odd_images())
FROZEN = [way for way in networks() if "network/{}/{}".format(*way) in golden()]


@pytest.fixture(scope="module")
def now() -> dict[str, Vectors]:
    return odd_vectors()


@pytest.mark.parametrize(("model", "preprocessing"), FROZEN)
def test_a_network_gives_its_golden_vector(model: str, preprocessing: str) -> None:
    need_weights(model)
    kept = golden()[f"network/{model}/{preprocessing}"]
    assert cosines(kept, network_vector(model, preprocessing)) >= 0.9999


def test_an_odd_image_gives_its_golden_vector(subtests: pytest.Subtests, now: dict[str, Vectors]) -> None:
    for name in NAMES:
        with subtests.test(name=name):
            assert cosines(golden()[f"image/{name}"], now[name]) >= 0.9999


def test_a_turned_or_animated_image_has_the_vector_of_the_plain_one(
    subtests: pytest.Subtests, now: dict[str, Vectors]
) -> None:
    for name in [name for name in NAMES if name.startswith(("exif", "animated png", "animated webp"))]:
        with subtests.test(name=name):
            assert cosines(now[name], now["plain"]) >= 0.999999


def test_the_other_images_are_others(subtests: pytest.Subtests, now: dict[str, Vectors]) -> None:
    """A comparison of equal images would hold whatever is done to them."""
    for name in ["alpha", "grey", "transparent palette", "16 bit", "cmyk"]:
        with subtests.test(name=name):
            assert cosines(now[name], now["plain"]) < 0.99


def test_every_model_whose_weights_are_here_has_a_golden_vector() -> None:
    assert [way for way in networks() if has_weights(way[0]) and way not in FROZEN] == []


def test_nothing_is_kept_that_no_test_compares() -> None:
    compared = {f"network/{model}/{preprocessing}" for model, preprocessing in FROZEN}
    assert set(golden()) == compared | {f"image/{name}" for name in NAMES}
