"""A second run does only what has changed, and asks the model only about images that nobody knows yet."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from tests.ingest.album import fill, image, put
from tests.ingest.command import Ingest, embedded_images


def model_calls(ingest: Ingest, folder: Path, *options: object) -> tuple[int, dict[str, int]]:
    """Return how many images a run sent to the model, and its counts."""
    before = embedded_images(ingest.extractor)
    done = ingest.run(folder, *options)
    assert (done.code, done.errors) == (0, [])
    return embedded_images(ingest.extractor) - before, done.counts


def vectors(ingest: Ingest) -> dict[str, list[float]]:
    found = {}
    for path, record in ingest.records().items():
        assert record.vector is not None
        found[path] = record.vector.tolist()
    return found


def test_an_unchanged_file_is_skipped(ingest: Ingest, folder: Path) -> None:
    fill(folder, 40)
    assert model_calls(ingest, folder) == (40, {"added": 40})
    before = vectors(ingest)
    (folder / "0" / "0000.jpg").touch()
    assert model_calls(ingest, folder) == (0, {"unchanged": 40})
    assert vectors(ingest) == before


def test_a_changed_file_is_updated(ingest: Ingest, folder: Path) -> None:
    fill(folder, 5)
    model_calls(ingest, folder)
    before = vectors(ingest)
    put(folder, "1/0001.jpg", image(99))
    assert model_calls(ingest, folder) == (1, {"updated": 1, "unchanged": 4})
    after = vectors(ingest)
    assert [path for path in before if before[path] != after[path]] == ["1/0001.jpg"]
    record = ingest.records()["1/0001.jpg"]
    assert record.sha256 == hashlib.sha256(image(99)).hexdigest()
    assert record.metadata["bytes"] == len(image(99))


def test_a_moved_file_keeps_its_vector_and_its_old_record_goes(ingest: Ingest, folder: Path) -> None:
    fill(folder, 6)
    model_calls(ingest, folder)
    before = vectors(ingest)
    (folder / "new").mkdir()
    (folder / "1" / "0001.jpg").rename(folder / "new" / "name.jpg")
    assert model_calls(ingest, folder) == (0, {"moved": 1, "unchanged": 5})
    expected = before | {"new/name.jpg": before["1/0001.jpg"]}
    del expected["1/0001.jpg"]
    assert vectors(ingest) == expected
    assert ingest.records()["new/name.jpg"].metadata["folder"] == "new"


@pytest.mark.parametrize("at_once", [True, False])
def test_a_root_where_every_file_was_renamed_can_be_pruned(ingest: Ingest, folder: Path, at_once: bool) -> None:
    names = fill(folder / "old", 150)
    model_calls(ingest, folder)
    (folder / "old").rename(folder / "new")
    if not at_once:
        assert model_calls(ingest, folder) == (0, {"sharing a vector": 150})
    known = "sharing a vector" if at_once else "unchanged"
    assert model_calls(ingest, folder, "--prune") == (0, {known: 150, "pruned": 150})
    assert set(ingest.records()) == {f"new/{name}" for name in names}


def test_files_that_swap_names_keep_their_own_vectors(ingest: Ingest, folder: Path) -> None:
    names = fill(folder, 4)
    model_calls(ingest, folder)
    before = vectors(ingest)
    first, second, third = (folder / name for name in names[:3])
    first.rename(folder / "aside")
    second.rename(first)
    third.rename(second)
    (folder / "aside").rename(third)
    calls, _ = model_calls(ingest, folder)
    assert calls == 0
    turned = {names[0]: names[1], names[1]: names[2], names[2]: names[0], names[3]: names[3]}
    assert vectors(ingest) == {path: before[source] for path, source in turned.items()}


def test_a_row_of_renames_leaves_one_record_for_each_file(ingest: Ingest, folder: Path) -> None:
    for number, name in enumerate(("a.jpg", "b.jpg", "c.jpg", "stays.jpg")):
        put(folder, name, image(number))
    model_calls(ingest, folder)
    before = vectors(ingest)
    for source, target in (("c.jpg", "d.jpg"), ("b.jpg", "c.jpg"), ("a.jpg", "b.jpg")):
        (folder / source).rename(folder / target)
    calls, _ = model_calls(ingest, folder)
    assert calls == 0
    origin = {"b.jpg": "a.jpg", "c.jpg": "b.jpg", "d.jpg": "c.jpg", "stays.jpg": "stays.jpg"}
    assert vectors(ingest) == {path: before[source] for path, source in origin.items()}


def test_equal_files_share_one_call_of_the_model(ingest: Ingest, folder: Path) -> None:
    for number in range(70):
        put(folder, f"{number % 5}/{number}.jpg", image(number % 2))
    assert model_calls(ingest, folder) == (2, {"added": 2, "sharing a vector": 68})
    found = vectors(ingest)
    assert len(found) == 70
    assert len({tuple(vector) for vector in found.values()}) == 2
    put(folder, "one more.jpg", image(0))
    assert model_calls(ingest, folder) == (0, {"unchanged": 70, "sharing a vector": 1})
    assert np.array_equal(vectors(ingest)["one more.jpg"], found["0/0.jpg"])


def test_equal_files_that_are_refused_are_all_listed_after_one_call(ingest: Ingest, folder: Path) -> None:
    for name in ("a.jpg", "b/c.jpg", "d.jpg"):
        put(folder, name, b"\xff\xd8\xff no JPEG")
    before = embedded_images(ingest.extractor)
    done = ingest.run(folder)
    assert (done.code, done.counts) == (1, {"failed": 3})
    assert sorted(line.split(": ")[0] for line in done.errors) == ["a.jpg", "b/c.jpg", "d.jpg"]
    assert len({line.split(": ", 1)[1] for line in done.errors}) == 1
    assert embedded_images(ingest.extractor) == before + 1
