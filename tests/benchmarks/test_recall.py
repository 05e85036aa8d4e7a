"""Counting which changed copies find their photo, around the dummy network."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from benchmarks.changes import ALL_CHANGES, turn_on_edge
from benchmarks.street.photos import Photo, Unusable, prepare_photos
from benchmarks.street.recall import Recall, count_found, format_recall
from search_api.stores import create_store
from search_api.stores.base import Store
from tests.extractor.dummy import FEATURELESS, dummy_embedder
from tests.images import drawing

EMBEDDER = dummy_embedder()
BRIGHTNESS = "brightness, %"
LARGE = 3000  # pixels: more than are changed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A large drawing, noise, a grey that half of its light makes featureless, and one that is featureless as it is."""
    root = tmp_path_factory.mktemp("drawings")
    drawing(LARGE, 20).save(root / "drawing.png")
    noise = np.random.default_rng(0).integers(0, 256, (8, 8, 3), np.uint8)
    Image.fromarray(noise).resize((300, 300), Image.Resampling.NEAREST).save(root / "noise.png")
    Image.new("RGB", (40, 30), tuple(2 * value for value in FEATURELESS)).save(root / "light-grey.png")
    Image.new("RGB", (40, 30), FEATURELESS).save(root / "grey.png")
    return root


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = create_store(f"embedded://{tmp_path}/images.db?metric=l2", str(EMBEDDER.fingerprint), EMBEDDER.model.dim)
    yield store
    store.close()


@pytest.fixture
def photos(folder: Path, store: Store) -> list[Photo]:
    """All but the featureless one, indexed."""
    photos = []
    for made in prepare_photos(sorted(folder.iterdir()), folder, turn_on_edge, EMBEDDER):
        if not isinstance(made, Unusable):
            photos.append(made[0])
            store.upsert(made[1])
    store.publish()
    return photos


def test_a_photo_without_features_takes_no_part(folder: Path, photos: list[Photo], store: Store) -> None:
    (unusable,) = prepare_photos([folder / "grey.png"], folder, turn_on_edge, EMBEDDER)
    assert isinstance(unusable, Unusable)
    assert unusable.name == "grey.png"
    assert "no features" in unusable.reason
    assert [photo.itself.name for photo in photos] == ["drawing.png", "light-grey.png", "noise.png"]
    assert store.count() == 4 * 3


def test_the_copies_of_a_large_photo_are_smaller(photos: list[Photo]) -> None:
    assert [image.pixels().shape for image in photos[0].turned] == [(7, 1024, 3)] * 3


def test_recall_is_the_share_of_copies_that_find_their_photo(photos: list[Photo], store: Store) -> None:
    recall = Recall.none_yet()
    for photo in photos:
        count_found(recall, photo, EMBEDDER, store)
    assert set(recall.copies.values()) == {3}
    assert recall.share(1, ("recompressed, JPEG quality", 90)) == 1.0
    assert recall.share(1, ("mirrored, 1 across, 2 down, 3 both", 1)) < 1.0  # this network tells left from right
    assert len(format_recall(recall).splitlines()) == 1 + sum(map(len, ALL_CHANGES.values()))


def test_a_copy_without_features_finds_nothing(photos: list[Photo], store: Store) -> None:
    recall = Recall.none_yet()
    count_found(recall, photos[1], EMBEDDER, store)
    assert recall.share(5, (BRIGHTNESS, 50)) == 0.0
    assert recall.share(5, (BRIGHTNESS, 75)) == 1.0


def test_turned_copies_are_not_among_what_a_changed_copy_can_find(photos: list[Photo], store: Store) -> None:
    recall = Recall.none_yet()
    count_found(recall, photos[2], EMBEDDER, store)
    assert min(recall.share(5, kind) for kind in recall.copies) == 1.0  # there are only three photos


def test_copies_are_turned_alike_on_every_run_and_by_different_degrees(folder: Path, photos: list[Photo]) -> None:
    made_again = prepare_photos(sorted(folder.iterdir()), folder, turn_on_edge, EMBEDDER)
    again = [made[0] for made in made_again if not isinstance(made, Unusable)]
    degrees = [[copy.degrees for copy in photo.turned] for photo in photos]
    assert degrees == [[copy.degrees for copy in photo.turned] for photo in again]
    assert all(len({*row}) == 3 and min(row) >= 10 and max(row) < 350 for row in degrees)
    assert len({tuple(row) for row in degrees}) == 3
