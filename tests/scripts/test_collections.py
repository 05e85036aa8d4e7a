"""The commands on several collections of one store, and on images that were uploaded."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from search_api.images.paths import upload_path
from search_api.stores import collection_names, open_store
from search_api.stores.base import Record, image_id
from search_api.stores.url import with_collection
from tests.ingest.album import fill, image, put
from tests.running import run
from tests.servers.dummy_extractor import dummy_extractor
from tests.servers.process import Service


@pytest.fixture(scope="module")
def extractors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Service]]:
    """Two extractors of different models."""
    folder = tmp_path_factory.mktemp("extractors")
    with dummy_extractor(folder / "one") as one, dummy_extractor(folder / "other", seed=1) as other:
        yield one, other


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"embedded://{tmp_path}/images.db"


def paths(url: str) -> list[str]:
    store = open_store(url)
    found = sorted(record.file_path for record in store.scan(with_vectors=False))
    store.close()
    return found


def test_an_ingest_goes_into_the_collection_it_names(
    extractors: tuple[Service, Service], url: str, tmp_path: Path
) -> None:
    for place, (name, extractor) in enumerate(zip(("shoes", "hats"), extractors, strict=True)):
        fill(tmp_path / name, 3 + place)
        done = run(
            "scripts.ingest", tmp_path / name, "--store", url, "--collection", name, "--extractor", extractor.url
        )
        assert done.returncode == 0, done.stderr
    assert collection_names(url) == ["hats", "shoes"]
    assert len(paths(with_collection(url, "shoes"))) == 3
    into = ("--store", url, "--collection", "shoes")
    again = run("scripts.ingest", tmp_path / "hats", *into, "--extractor", extractors[1].url)
    assert (again.returncode, "collection holds vectors of" in again.stderr) == (2, True)


def test_a_collection_is_made_described_emptied_and_dropped_by_its_name(
    extractors: tuple[Service, Service], url: str
) -> None:
    options = ("--store", url, "--collection", "shoes")
    made = run("scripts.index", "create", *options, "--extractor", extractors[0].url)
    assert made.returncode == 0, made.stderr
    assert "collection  shoes" in run("scripts.index", "info", *options).stdout
    assert run("scripts.index", "info", "--store", url).returncode == 2
    assert "deleted 0 images" in run("scripts.index", "clear", *options, "--yes").stdout
    assert run("scripts.index", "drop", *options, "--yes").returncode == 0
    assert collection_names(url) == []


def test_a_name_that_no_engine_takes_is_refused(extractors: tuple[Service, Service], url: str) -> None:
    done = run("scripts.index", "create", "--store", url, "--collection", "../up", "--extractor", extractors[0].url)
    assert (done.returncode, "is not a valid collection name" in done.stderr) == (2, True)


def test_a_reindex_embeds_uploads_again_from_their_own_folder(
    extractors: tuple[Service, Service], url: str, tmp_path: Path
) -> None:
    folder, uploads = tmp_path / "images", tmp_path / "data"
    fill(folder, 4)
    settings = {"SEARCH_UPLOAD_DIR": str(uploads)}
    assert run("scripts.ingest", folder, "--store", url, "--extractor", extractors[0].url).returncode == 0
    upload = _add_upload(url, uploads, image(40))
    to = with_collection(url, "next")
    places = ("--store", url, "--to", to, "--root", folder)
    done = run("scripts.reindex", *places, "--extractor", extractors[1].url, "--quiet", settings=settings)
    assert done.returncode == 0, done.stdout + done.stderr
    assert upload.file_path in paths(url)
    assert len(paths(url)) == 5
    store = open_store(url)
    (moved,) = store.get([upload.id])
    assert dict(moved.metadata)["name"] == "cat.jpg"
    store.close()


def test_pruning_and_moved_files_leave_uploads_alone(
    extractors: tuple[Service, Service], url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "images"
    fill(folder, 3)
    usual = ("--store", url, "--extractor", extractors[0].url)
    assert run("scripts.ingest", folder, *usual).returncode == 0
    upload = _add_upload(url, tmp_path / "data", image(40))
    put(folder, "the-same.jpg", image(40))
    assert run("scripts.ingest", folder, *usual, "--prune").returncode == 0
    assert upload.file_path in paths(url)
    assert "the-same.jpg" in paths(url)


def test_a_copy_of_records_of_uploads_is_noted_beside_their_files(
    extractors: tuple[Service, Service], url: str, tmp_path: Path
) -> None:
    uploads, archive = tmp_path / "data", tmp_path / "all.parquet"
    fill(tmp_path / "images", 1)
    assert run("scripts.ingest", tmp_path / "images", "--store", url, "--extractor", extractors[0].url).returncode == 0
    _add_upload(url, uploads, image(40))
    assert run("scripts.index", "export", archive, "--store", url).returncode == 0
    for source, name in ((url, "copy"), (archive, "restored")):
        to = ("--store", f"embedded://{tmp_path}/{name}.db")
        settings = {"SEARCH_UPLOAD_DIR": str(uploads)}
        assert run("scripts.index", "import", source, *to, settings=settings).returncode == 0
    stores = [tmp_path / f"{name}.db" for name in ("images", "copy", "restored")]
    assert (uploads / ".uploads" / "stores").read_text().splitlines() == list(map(str, stores))


def _add_upload(url: str, uploads: Path, data: bytes) -> Record:
    """Add a record and a file as the search service does, with the vector of another image; return the record."""
    store = open_store(url)
    sample = next(store.scan())
    digest = hashlib.sha256(data).hexdigest()
    path = upload_path(digest, ".jpg")
    (uploads / path).parent.mkdir(parents=True)
    (uploads / path).write_bytes(data)
    record = replace(sample, id=image_id(path), file_path=path, sha256=digest, metadata={"name": "cat.jpg"})
    store.upsert([record])
    store.publish()
    store.close()
    return record
