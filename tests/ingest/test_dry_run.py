"""--dry-run says what would be done and does nothing, without an extractor and even without an index."""

import hashlib
import tempfile
from pathlib import Path

from tests.ingest.album import fill, image, put
from tests.ingest.command import Ingest
from tests.servers.process import free_port


def nobody(ingest: Ingest) -> Ingest:
    """Return the same store with an address where no extractor is."""
    return Ingest(ingest.store, f"http://127.0.0.1:{free_port()}")


def test_a_dry_run_works_without_an_index_and_leaves_none_behind(ingest: Ingest, folder: Path, tmp_path: Path) -> None:
    fill(folder, 35)
    put(folder, "duplicate.jpg", image(0))
    put(folder, "notes.txt", b"words")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    done = nobody(ingest).run(folder, "--dry-run", TMPDIR=str(scratch))
    assert (done.code, done.head) == (0, "would be:")
    assert done.counts == {"added": 35, "sharing a vector": 1, "not images": 1}
    assert {path.name for path in tmp_path.iterdir()} == {"photos", "scratch"}
    assert list(scratch.iterdir()) == []


def test_a_dry_run_predicts_what_the_run_then_does_and_changes_nothing(ingest: Ingest, folder: Path) -> None:
    names = fill(folder, 9)
    ingest.run(folder)
    before = {path: record.sha256 for path, record in ingest.records().items()}
    (folder / names[0]).unlink()
    (folder / names[1]).rename(folder / "moved.jpg")
    put(folder, names[2], image(77))
    put(folder, "copy.jpg", image(3))
    put(folder, "new.jpg", image(78))
    index = Path(ingest.store.removeprefix("embedded://"))
    state = hashlib.sha256(index.read_bytes()).hexdigest()
    foretold = nobody(ingest).run(folder, "--dry-run", "--prune")
    assert (foretold.code, foretold.errors) == (0, [])
    assert {path: record.sha256 for path, record in ingest.records().items()} == before
    assert hashlib.sha256(index.read_bytes()).hexdigest() == state
    counts = {"added": 1, "updated": 1, "moved": 1, "sharing a vector": 1, "unchanged": 6}
    assert foretold.counts.pop("pruned") in (1, 2), "the moved file's old record may count as pruned"
    assert foretold.counts == counts
    done = ingest.run(folder, "--prune")
    assert done.counts == {**counts, "pruned": 1}
    assert set(ingest.records()) == {*names[2:], "moved.jpg", "copy.jpg", "new.jpg"}


def test_a_dry_run_lists_files_that_cannot_be_indexed(ingest: Ingest, folder: Path) -> None:
    put(folder, "good.jpg", image(1))
    put(folder, "large.jpg", image(2) + bytes(9_000))
    done = nobody(ingest).run(folder, "--dry-run", SEARCH_MAX_BYTES="8000")
    assert (done.code, done.counts) == (1, {"added": 1, "failed": 1})
    assert done.errors[0].startswith("large.jpg: image_too_large: ")


def test_dry_runs_leave_nothing_in_the_temporary_folder(ingest: Ingest, folder: Path) -> None:
    before = set(Path(tempfile.gettempdir()).glob("image-search-dry-run-*"))
    nobody(ingest).run(folder, "--dry-run")
    assert set(Path(tempfile.gettempdir()).glob("image-search-dry-run-*")) == before
