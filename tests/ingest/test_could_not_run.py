"""What stops a run at once: exit code 2, one sentence, and nothing written."""

from pathlib import Path

import pytest

from search_api.stores import create_store
from tests.answers import assert_sentence
from tests.ingest.album import fill
from tests.ingest.command import Done, Ingest, finish
from tests.permissions import minding_permissions


def assert_could_not_run(done: Done, *words: str) -> None:
    """Check that ``done`` ended with exit code 2 and a last line that holds all ``words``."""
    assert done.code == 2
    assert done.errors, "a sentence says why"
    assert_sentence(done.errors[-1])
    assert [word for word in words if word not in done.errors[-1]] == []


def test_a_folder_that_does_not_exist_or_cannot_be_read(
    subtests: pytest.Subtests, ingest: Ingest, folder: Path
) -> None:
    fill(folder / "locked" / "below", 2)
    (folder / "file").write_text("words")
    for name in ("missing", "file", "locked", "locked/below"):
        wanted = folder / name
        (folder / "locked").chmod(0)
        done = finish(ingest.start(minding_permissions(ingest.command(wanted))))
        (folder / "locked").chmod(0o700)
        with subtests.test(name):
            assert_could_not_run(done, str(wanted), "is not a folder that can be read")
            assert not Path(ingest.store.removeprefix("embedded://")).exists()


def test_a_folder_that_is_not_below_the_root(ingest: Ingest, folder: Path) -> None:
    assert_could_not_run(ingest.run(folder.parent, "--root", folder), str(folder), "--root")


def test_a_store_of_another_model(ingest: Ingest, folder: Path) -> None:
    names = fill(folder, 3)
    ingest.run(folder)
    other = ingest.store.replace("images.db", "other.db")
    create_store(other, "vgg16:0123:max:keras:224:512:float", 512).close()
    assert_could_not_run(ingest.run(folder, "--store", other), "vgg16:0123", "dummy", "collection of its own")
    assert set(ingest.records()) == set(names)


def test_a_collection_of_another_metric(ingest: Ingest, folder: Path) -> None:
    ingest.run(folder)
    assert_could_not_run(ingest.run(folder, "--store", f"{ingest.store}?metric=l2"), "metric cosine, not l2")


def test_a_store_that_cannot_be_opened(subtests: pytest.Subtests, ingest: Ingest, folder: Path) -> None:
    for url, words in {
        "images.db": "is not a store",
        "embedded:///dev/null/images.db": "cannot be used",
        "embedded:///tmp": "cannot be used",
    }.items():
        for options in [(), ("--dry-run",)]:
            with subtests.test(f"{url} {options}"):
                done = ingest.run(folder, "--store", url, *options)
                if options and "/dev/null/" in url:
                    assert done.code == 0, "a dry run needs no index"
                else:
                    assert_could_not_run(done, words)


def test_an_index_that_is_damaged(ingest: Ingest, folder: Path) -> None:
    path = Path(ingest.store.removeprefix("embedded://"))
    path.parent.mkdir()
    path.write_text("no index at all" * 100)
    assert_could_not_run(ingest.run(folder), str(path), "not a readable index")


def test_a_setting_that_is_wrong(ingest: Ingest, folder: Path) -> None:
    assert_could_not_run(ingest.run(folder, SEARCH_MAX_BYTES="many"), "max_bytes", "integer")


def test_a_bad_address_is_not_waited_for(subtests: pytest.Subtests, ingest: Ingest, folder: Path) -> None:
    for address in ["127.0.0.1:5004", "ftp://127.0.0.1:5004", "http://", "", " , "]:
        with subtests.test(repr(address)):
            assert_could_not_run(ingest.run(folder, "--extractor", address), "address")


def test_arguments_that_are_wrong(ingest: Ingest, folder: Path) -> None:
    done = ingest.run(folder, "--unknown")
    assert done.code == 2
    assert "--unknown" in done.errors[-1]
