"""--prune removes the records of files that are gone, and nothing else."""

import shutil
from pathlib import Path

import pytest

from search_api.ingest.prune import WrongRoot, prune_folder, root_fits
from search_api.stores import open_store
from tests.ingest.album import fill, image, put
from tests.ingest.command import Ingest, finish
from tests.permissions import minding_permissions


def test_records_of_files_that_are_gone_stay_until_they_are_pruned(ingest: Ingest, folder: Path) -> None:
    names = fill(folder, 9)
    ingest.run(folder)
    for name in names[:2]:
        (folder / name).unlink()
    assert ingest.run(folder).counts == {"unchanged": 7}
    assert set(ingest.records()) == set(names)
    done = ingest.run(folder, "--prune")
    assert (done.code, done.counts) == (0, {"unchanged": 7, "pruned": 2})
    assert set(ingest.records()) == set(names[2:])


def test_only_records_below_the_folder_are_pruned(ingest: Ingest, folder: Path) -> None:
    names = fill(folder, 9)
    put(folder, "1 and more/a.jpg", image(50))
    ingest.run(folder)
    for path in ("0/0000.jpg", "1/0001.jpg", "1 and more/a.jpg"):
        (folder / path).unlink()
    done = ingest.run(folder / "1", "--prune", "--root", folder)
    assert (done.code, done.counts) == (0, {"unchanged": 2, "pruned": 1})
    assert set(ingest.records()) == {*names, "1 and more/a.jpg"} - {"1/0001.jpg"}


def test_nothing_is_pruned_under_a_root_that_holds_none_of_the_files(ingest: Ingest, folder: Path) -> None:
    names = fill(folder, 5)
    ingest.run(folder)
    empty = folder.parent / "not mounted"
    empty.mkdir()
    done = ingest.run(empty, "--prune")
    assert done.code == 2
    sentence = f"No file that was indexed before is below {empty}: give the right image root, or do not prune."
    assert done.errors == [sentence]
    assert set(ingest.records()) == set(names)


def test_a_wrong_root_with_images_of_its_own_prunes_nothing(ingest: Ingest, folder: Path) -> None:
    names = fill(folder, 5)
    ingest.run(folder)
    other = folder.parent / "other"
    fill(other / "below", 3, first=50)
    put(other, "a copy.jpg", image(0))
    assert ingest.run(other, "--prune").code == 2
    assert set(names) < set(ingest.records())


def test_files_in_a_folder_that_cannot_be_read_are_not_pruned(ingest: Ingest, folder: Path) -> None:
    names = fill(folder, 9)
    ingest.run(folder)
    (folder / "0" / "0000.jpg").unlink()
    (folder / "1").chmod(0)
    done = finish(ingest.start(minding_permissions(ingest.command(folder, "--prune"))))
    (folder / "1").chmod(0o700)
    assert (done.code, done.counts) == (1, {"unchanged": 5, "pruned": 1, "failed": 1})
    assert set(ingest.records()) == set(names[1:])


def test_indexing_a_folder_below_as_if_it_were_the_root_prunes_nothing(ingest: Ingest, folder: Path) -> None:
    names = fill(folder, 9)
    ingest.run(folder)
    done = ingest.run(folder / "1", "--prune")
    assert done.code == 2
    assert set(names) <= set(ingest.records())


def test_a_collection_whose_files_are_all_gone_is_not_emptied_by_one_that_has_moved(
    ingest: Ingest, folder: Path
) -> None:
    names = fill(folder, 4)
    ingest.run(folder)
    shutil.rmtree(folder / "0")
    shutil.rmtree(folder / "1")
    (folder / "2" / "0002.jpg").rename(folder / "last.jpg")
    assert ingest.run(folder, "--prune").code == 2
    assert set(ingest.records()) == {*names, "last.jpg"}


def test_pruning_an_empty_collection_is_no_failure(ingest: Ingest, folder: Path) -> None:
    done = ingest.run(folder, "--prune")
    assert (done.code, done.counts) == (0, {})


def test_a_disk_that_is_gone_in_the_middle_of_a_run_prunes_nothing(ingest: Ingest, folder: Path) -> None:
    """The root was the right one when the run began."""
    names = fill(folder, 5)
    ingest.run(folder)
    store = open_store(ingest.store)
    assert root_fits(store, folder)
    shutil.rmtree(folder)
    with pytest.raises(WrongRoot):
        prune_folder(store, folder, folder, sure_of_root=True, dry_run=False)
    store.close()
    assert set(ingest.records()) == set(names)
