"""Which files of a folder are indexed, and what is said about the others."""

import hashlib
import os
from pathlib import Path

import pytest

from search_api.stores.base import image_id
from tests.ingest.album import fill, image, put
from tests.ingest.command import Ingest, finish
from tests.permissions import minding_permissions


def test_images_at_any_depth_are_indexed_with_their_metadata(ingest: Ingest, folder: Path) -> None:
    data = image(1)
    for name in ("top.jpg", "a/one.jpeg", "a/b/c/d/Größe 日本 🙂 '1\".JPG"):
        put(folder, name, image(len(name)))
    put(folder, "a/one.jpeg", data)
    done = ingest.run(folder)
    assert (done.code, done.head, done.counts, done.errors) == (0, "done:", {"added": 3}, [])
    records = ingest.records()
    assert set(records) == {"top.jpg", "a/one.jpeg", "a/b/c/d/Größe 日本 🙂 '1\".JPG"}
    one = records["a/one.jpeg"]
    assert (one.id, one.sha256) == (image_id("a/one.jpeg"), hashlib.sha256(data).hexdigest())
    assert one.metadata == {"folder": "a", "bytes": len(data)}
    assert records["top.jpg"].metadata["folder"] == ""
    assert one.vector is not None
    assert one.vector.shape == (24,)


def test_an_image_counts_by_its_content_and_other_files_are_only_counted(ingest: Ingest, folder: Path) -> None:
    put(folder, "photo.dat", image(1, "PNG"))
    put(folder, "no suffix", image(2, "WEBP"))
    put(folder, "wrong.png", image(3, "JPEG"))
    for name in ("notes.txt", "a/page.html", "movie.mp4", "empty", "paper.pdf"):
        put(folder, name, b"%PDF-1.4" if name == "paper.pdf" else b"words" * (name != "empty"))
    done = ingest.run(folder)
    assert (done.code, done.counts) == (0, {"added": 3, "not images": 5})
    assert set(ingest.records()) == {"photo.dat", "no suffix", "wrong.png"}


def test_hidden_files_and_linked_folders_are_left_out(ingest: Ingest, folder: Path, tmp_path: Path) -> None:
    put(folder, "seen.jpg", image(1))
    put(folder, ".hidden.jpg", image(2))
    put(folder, ".trash/deleted.jpg", image(3))
    put(tmp_path, "elsewhere/other.jpg", image(4))
    (folder / "link").symlink_to(tmp_path / "elsewhere")
    (folder / "linked.jpg").symlink_to(tmp_path / "elsewhere" / "other.jpg")
    (folder / "broken.jpg").symlink_to(tmp_path / "nowhere.jpg")
    done = ingest.run(folder)
    assert (done.code, set(ingest.records())) == (0, {"seen.jpg", "linked.jpg"})
    assert done.counts == {"added": 2, "not images": 1}


def test_a_bad_image_is_listed_by_name_and_reason_and_the_rest_go_on(ingest: Ingest, folder: Path) -> None:
    good = fill(folder, 40)
    put(folder, "1/cut.jpg", image(1)[:400])
    put(folder, "empty.png", b"")
    put(folder, "text.jpg", b"This is not an image.")
    put(folder, "z/drawing.gif", b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    done = ingest.run(folder)
    assert (done.code, done.counts) == (1, {"added": 40, "failed": 4})
    assert set(ingest.records()) == set(good)
    reasons = {line.split(": ")[0]: line.split(": ")[1] for line in done.errors}
    assert reasons == {
        "1/cut.jpg": "truncated_image",
        "empty.png": "empty_image",
        "text.jpg": "not_an_image",
        "z/drawing.gif": "unsupported_format",
    }
    again = ingest.run(folder)
    assert (again.code, again.counts) == (1, {"unchanged": 40, "failed": 4})


def test_a_file_that_is_too_large_is_listed(ingest: Ingest, folder: Path) -> None:
    put(folder, "small.jpg", image(1))
    put(folder, "large.jpg", image(2) + bytes(5_000))
    done = ingest.run(folder, SEARCH_MAX_BYTES="4000")
    assert (done.code, done.counts) == (1, {"added": 1, "failed": 1})
    assert done.errors == ["large.jpg: image_too_large: An image has at most 4000 bytes."]


def test_an_image_whose_name_is_not_utf8_is_listed(ingest: Ingest, folder: Path) -> None:
    put(folder, "good.jpg", image(1))
    for name, data in ((b"caf\xe9.jpg", image(2)), (b"notes \xff.txt", b"words")):
        Path(os.fsdecode(bytes(folder) + b"/" + name)).write_bytes(data)
    done = ingest.run(folder)
    assert (done.code, done.counts) == (1, {"added": 1, "failed": 1, "not images": 1})
    assert done.errors == ["caf?.jpg: bad_parameter: The file's name is not UTF-8: rename it."]


def test_pipes_are_not_waited_for(ingest: Ingest, folder: Path) -> None:
    put(folder, "good.jpg", image(1))
    os.mkfifo(folder / "pipe.jpg")
    done = ingest.run(folder)
    assert (done.code, done.counts) == (0, {"added": 1, "not images": 1})


@pytest.mark.parametrize("name", ["0/0003.jpg", "1"])
def test_what_cannot_be_read_is_listed_and_the_rest_go_on(ingest: Ingest, folder: Path, name: str) -> None:
    names = fill(folder, 6)
    (folder / name).chmod(0)
    done = finish(ingest.start(minding_permissions(ingest.command(folder))))
    (folder / name).chmod(0o700)
    assert done.code == 1
    assert len(done.errors) == 1
    assert done.errors[0].startswith(f"{name}: unreadable: ")
    assert set(ingest.records()) == {one for one in names if not one.startswith(name)}


def test_paths_are_relative_to_the_image_root(ingest: Ingest, folder: Path) -> None:
    names = fill(folder, 6)
    for options, settings in ((("--root", folder), {}), ((), {"SEARCH_IMAGE_ROOT": str(folder)})):
        ingest.run(folder / "1", *options, **settings)
        assert set(ingest.records()) == {name for name in names if name.startswith("1/")}
    assert ingest.run(folder).counts == {"added": 4, "unchanged": 2}


def test_an_empty_folder_is_no_failure(ingest: Ingest, folder: Path) -> None:
    done = ingest.run(folder)
    assert (done.code, done.counts, ingest.records()) == (0, {}, {})
