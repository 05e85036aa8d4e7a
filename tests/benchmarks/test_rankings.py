"""How an answer is judged: itself first, the turned copies next, two stores alike."""

from pathlib import Path

import pytest

from benchmarks.changes import turn_on_edge
from benchmarks.street.photos import IndexedImage, Photo
from benchmarks.street.stores import same_ranking
from benchmarks.street.turned import PhotoResult
from search_api.stores.base import Hit, image_id

ITSELF = IndexedImage("cat.jpg", Path("cat.jpg"), turn_on_edge)
COPIES = [IndexedImage(f"cat.jpg turned by {n}", Path("cat.jpg"), turn_on_edge, n) for n in (30, 60, 90)]


def hits(**distances: float) -> list[Hit]:
    """Finds by name; c30 stands for the copy turned by 30 degrees."""
    names = {"cat": "cat.jpg", **{f"c{n}": f"cat.jpg turned by {n}" for n in (30, 60, 90)}}
    return [
        Hit(image_id(names.get(name, name)), names.get(name, name), "0" * 64, None, distance, {})
        for name, distance in distances.items()
    ]


def answer(**distances: float) -> PhotoResult:
    return PhotoResult(Photo(ITSELF, COPIES), hits(**distances), length=100.0, same_on_all=True)


def test_a_photo_finds_itself_at_distance_0_up_to_rounding() -> None:
    assert answer(cat=0.0, dog=1.0).finds_itself_first
    assert answer(cat=0.0009, dog=1.0).finds_itself_first
    assert not answer(cat=0.002, dog=1.0).finds_itself_first
    assert not answer(dog=0.0).finds_itself_first


def test_a_photo_of_the_same_pixels_may_stand_before_it() -> None:
    assert answer(dog=0.0, cat=0.0).finds_itself_first


def test_copies_are_counted_among_the_next_three() -> None:
    assert answer(cat=0, c60=1, c30=2, c90=3, dog=4).recall == 1.0
    assert answer(cat=0, c60=1, dog=2, c30=3, c90=4).recall == pytest.approx(2 / 3)
    assert answer(cat=0, dog=1).recall == 0.0
    assert answer(cat=0, c60=1, dog=2, c30=3).ranks == [3, 1, None]


def test_rankings_are_the_same_up_to_rounding() -> None:
    assert same_ranking(hits(cat=0, dog=500, cow=900), hits(cat=1e-6, dog=500.004, cow=900))
    assert not same_ranking(hits(cat=0, dog=500), hits(cat=0, dog=500.1))
    assert not same_ranking(hits(cat=0, dog=500), hits(cat=0))


def test_only_ties_may_change_places() -> None:
    assert same_ranking(hits(cat=0, dog=500, cow=500.001), hits(cat=0, cow=500, dog=500.001))
    assert not same_ranking(hits(cat=0, dog=500, cow=500.1), hits(cat=0, cow=500, dog=500.1))
    assert same_ranking(hits(cat=0, dog=500), hits(cat=0, cow=500))  # a tie across the last place
    assert not same_ranking(hits(cat=0, dog=500, cow=900), hits(cat=0, pig=500, cow=900))
