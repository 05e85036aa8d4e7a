"""python -m scripts.index: make, describe, empty, drop, export and import a collection."""

from pathlib import Path

import numpy as np
import pytest

from search_api.stores import create_store, open_store
from search_api.stores.base import MetadataValue, Metric, Record, Search, image_id
from search_api.stores.url import with_metric
from tests.running import run
from tests.servers.process import Service, free_port

DIM = 8
COUNT = 2_500  # more than one chunk of an export


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"embedded://{tmp_path}/images.db"


def fill(url: str) -> list[Record]:
    """Make a collection with every kind of metadata and awkward names; return its records."""
    rng = np.random.default_rng(7)
    records = []
    for number in range(COUNT):
        path = f"été/图片 {number}.jpg"
        metadata: dict[str, MetadataValue] = {
            "text": "ä'\"",
            "whole": number,
            "part": number / 3,
            "flag": number % 2 == 0,
        }
        vector = rng.normal(size=DIM).astype(np.float32)
        records.append(Record(image_id(path), path, f"{number:064x}", vector, metadata))
    store = create_store(url, "a model", DIM)
    store.upsert(records)
    store.publish()
    store.close()
    return records


def contents(url: str) -> dict[str, tuple[str, str, bytes, dict[str, MetadataValue]]]:
    store = open_store(url)
    found = {
        record.id: (record.file_path, record.sha256, np.asarray(record.vector).tobytes(), dict(record.metadata))
        for record in store.scan()
    }
    store.close()
    return found


def test_a_collection_is_made_for_the_model_that_the_extractor_serves(url: str, extractor: Service) -> None:
    done = run("scripts.index", "create", "--store", url, "--extractor", extractor.url)
    assert done.returncode == 0
    assert "images      0" in done.stdout
    assert f"fingerprint {open_store(url).fingerprint}" in done.stdout


def test_creating_without_an_extractor_says_so(url: str) -> None:
    address = f"http://127.0.0.1:{free_port()}"
    done = run("scripts.index", "create", "--store", url, "--extractor", address, "--deadline", 1)
    assert done.returncode == 2
    assert address.removeprefix("http://") in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_info_describes_the_collection(url: str, tmp_path: Path) -> None:
    fill(url)
    lines = run("scripts.index", "info", "--store", url).stdout.splitlines()
    rows = dict(line.split(maxsplit=1) for line in lines)
    assert rows["images"] == str(COUNT)
    assert rows["fingerprint"] == "a model"
    assert rows["metric"] == "cosine"
    assert rows["dim"] == str(DIM)
    assert rows["file"] == str(tmp_path / "images.db")
    assert int(rows["bytes"]) > COUNT * DIM * 4


def test_info_about_a_collection_that_does_not_exist_says_what_to_do(url: str) -> None:
    done = run("scripts.index", "info", "--store", url)
    assert done.returncode == 2
    assert "run python -m scripts.ingest" in done.stderr


def test_nothing_is_deleted_without_a_yes(subtests: pytest.Subtests, url: str) -> None:
    fill(url)
    for command in ("clear", "drop"):
        with subtests.test(command):
            done = run("scripts.index", command, "--store", url)
            assert done.returncode == 2
            assert f"{COUNT} images" in done.stderr
            assert len(contents(url)) == COUNT


def test_clear_keeps_the_collection_and_its_model(url: str) -> None:
    fill(url)
    assert f"deleted {COUNT} images" in run("scripts.index", "clear", "--yes", "--store", url).stdout
    assert contents(url) == {}
    assert open_store(url).fingerprint == "a model"


def test_drop_removes_the_files(url: str, tmp_path: Path) -> None:
    fill(url)
    assert run("scripts.index", "drop", "--yes", "--store", url).returncode == 0
    assert list(tmp_path.iterdir()) == []


def test_export_and_import_give_back_every_bit(url: str, tmp_path: Path) -> None:
    fill(url)
    archive, copy = tmp_path / "all.parquet", f"embedded://{tmp_path}/copy.db"
    assert f"exported {COUNT}" in run("scripts.index", "export", archive, "--store", url).stdout
    assert f"imported {COUNT}" in run("scripts.index", "import", archive, "--store", copy).stdout
    assert contents(copy) == contents(url)
    assert open_store(copy).fingerprint == "a model"


def test_importing_twice_doubles_nothing(url: str, tmp_path: Path) -> None:
    fill(url)
    archive = tmp_path / "all.parquet"
    run("scripts.index", "export", archive, "--store", url)
    assert run("scripts.index", "import", archive, "--store", url).returncode == 0
    assert len(contents(url)) == COUNT


@pytest.mark.parametrize("metric", ["cosine", "l2"])
def test_an_imported_collection_has_the_metric_of_the_exported_one(tmp_path: Path, metric: Metric) -> None:
    url, copy = with_metric(f"embedded://{tmp_path}/images.db", metric), f"embedded://{tmp_path}/copy.db"
    fill(url)
    archive = tmp_path / "all.parquet"
    run("scripts.index", "export", archive, "--store", url)
    run("scripts.index", "import", archive, "--store", copy)
    query = Search(np.ones(DIM, np.float32), limit=20)
    assert open_store(copy).metric == metric
    assert open_store(copy).search(query) == open_store(url).search(query)


def test_an_archive_of_another_model_is_refused(url: str, tmp_path: Path) -> None:
    fill(url)
    archive, other = tmp_path / "all.parquet", f"embedded://{tmp_path}/other.db"
    run("scripts.index", "export", archive, "--store", url)
    create_store(other, "another model", DIM).close()
    done = run("scripts.index", "import", archive, "--store", other)
    assert done.returncode == 2
    assert "a model" in done.stderr
    assert "another model" in done.stderr
    assert contents(other) == {}


def test_a_file_that_is_not_an_archive_is_refused(subtests: pytest.Subtests, url: str, tmp_path: Path) -> None:
    archive = tmp_path / "file.parquet"
    for data in (b"", b"not parquet", b"PAR1"):
        with subtests.test(str(data)):
            archive.write_bytes(data)
            done = run("scripts.index", "import", archive, "--store", url)
            assert done.returncode == 2
            assert "is not an archive" in done.stderr


def test_a_wrong_setting_is_named(url: str) -> None:
    done = run("scripts.index", "info", "--store", url, settings={"SEARCH_PORT": "many"})
    assert done.returncode == 2
    assert "port" in done.stderr
