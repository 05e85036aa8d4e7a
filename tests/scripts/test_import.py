"""python -m scripts.index import: archives, other collections, and indices that the published script made."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import requests
from elasticsearch import Elasticsearch

from search_api.stores import create_store, open_store
from search_api.stores.base import UNKNOWN_SHA256, Record, StoreMissing
from tests.ingest.album import fill, image
from tests.running import run
from tests.scripts.test_index import DIM, contents
from tests.scripts.test_index import fill as fill_collection
from tests.servers.dummy_extractor import dummy_extractor
from tests.servers.process import Service
from tests.stores.urls import server_urls

COUNT = 20


@pytest.fixture
def place(elasticsearch: str) -> Iterator[str]:
    """The URL of an index that does not exist yet."""
    with server_urls(f"elasticsearch://{elasticsearch}") as make:
        yield make("cosine")


def embed(extractor: Service, data: bytes) -> list[float]:
    answer = requests.post(f"{extractor.url}/calFeatureVectors", files={"file": data}, timeout=60)
    vector: list[float] = answer.json()["data"]["items"][0]["vector"]
    return vector


@pytest.fixture
def published(elasticsearch: str, tmp_path: Path, extractor: Service) -> Iterator[str]:
    """An index as the published script makes it, of the images in ``images``; one file is gone, one is twice."""
    client, name = Elasticsearch(f"http://{elasticsearch}"), f"published-{secrets.token_hex(4)}"
    folder = tmp_path / "images"
    properties = {"feature_vector": {"type": "dense_vector", "dims": 24}, "file_path": {"type": "keyword"}}
    client.indices.create(index=name, mappings={"properties": properties})
    for number, path in enumerate([*fill(folder, COUNT), "0/0000.jpg", "gone.jpg"]):
        data = image(0 if path == "0/0000.jpg" else number)
        client.index(index=name, document={"file_path": f"{folder}/{path}", "feature_vector": embed(extractor, data)})
    client.index(index=name, document={"file_path": "/elsewhere/x.jpg", "feature_vector": embed(extractor, image(5))})
    client.indices.refresh(index=name)
    yield f"elasticsearch://{elasticsearch}/{name}"
    client.indices.delete(index=name)
    client.close()


def records(url: str) -> dict[str, Record]:
    store = open_store(url)
    found = {record.file_path: record for record in store.scan()}
    store.close()
    return found


def test_a_collection_is_copied_from_one_engine_to_the_other_and_back(place: str, tmp_path: Path) -> None:
    here, back = f"embedded://{tmp_path}/images.db", f"embedded://{tmp_path}/back.db"
    fill_collection(here)
    assert run("scripts.index", "import", here, "--store", place).returncode == 0
    assert run("scripts.index", "import", place, "--store", back).returncode == 0
    assert contents(here) == contents(place) == contents(back)


def test_archives_of_both_engines_hold_the_same(place: str, tmp_path: Path) -> None:
    here, archive = f"embedded://{tmp_path}/images.db", tmp_path / "all.parquet"
    fill_collection(here)
    run("scripts.index", "export", archive, "--store", here)
    assert run("scripts.index", "import", archive, "--store", place).returncode == 0
    second = tmp_path / "second.parquet"
    assert run("scripts.index", "export", second, "--store", place).returncode == 0
    assert run("scripts.index", "import", second, "--store", here).stdout.endswith("were there already\n")
    assert contents(place) == contents(here)


def test_an_import_goes_on_where_it_was_interrupted(tmp_path: Path) -> None:
    here, copy = f"embedded://{tmp_path}/images.db", f"embedded://{tmp_path}/copy.db"
    written = fill_collection(here)
    store = create_store(copy, "a model", DIM)
    store.upsert(written[:1_000])
    store.publish()
    store.close()
    done = run("scripts.index", "import", here, "--store", copy)
    assert f"imported {len(written) - 1_000} images" in done.stdout
    assert "1000 were there already" in done.stdout
    assert contents(copy) == contents(here)


def test_an_import_on_top_puts_back_what_differs(tmp_path: Path) -> None:
    here, copy = f"embedded://{tmp_path}/images.db", f"embedded://{tmp_path}/copy.db"
    written = fill_collection(here)
    assert run("scripts.index", "import", here, "--store", copy).returncode == 0
    store = create_store(copy, "a model", DIM)
    store.upsert([replace(written[5], vector=np.ones(DIM, np.float32)), replace(written[7], metadata={})])
    store.publish()
    store.close()
    assert "imported 2 images" in run("scripts.index", "import", here, "--store", copy).stdout
    assert contents(copy) == contents(here)


def test_vectors_of_another_length_than_the_models_are_refused_even_unverified(
    elasticsearch: str, tmp_path: Path, extractor: Service
) -> None:
    client, name = Elasticsearch(f"http://{elasticsearch}"), f"published-{secrets.token_hex(4)}"
    properties = {"feature_vector": {"type": "dense_vector", "dims": 7}, "file_path": {"type": "keyword"}}
    client.indices.create(index=name, mappings={"properties": properties})
    source = f"elasticsearch://{elasticsearch}/{name}"
    options = ("--store", f"embedded://{tmp_path}/x.db", "--extractor", extractor.url, "--root", tmp_path)
    done = run("scripts.index", "import", source, *options, "--unverified")
    client.indices.delete(index=name)
    client.close()
    assert (done.returncode, "vectors of 7 numbers" in done.stderr) == (2, True)


def test_a_legacy_index_is_imported_with_ids_hashes_and_fingerprint(
    published: str, tmp_path: Path, extractor: Service
) -> None:
    url = f"embedded://{tmp_path}/images.db"
    more = ("--extractor", extractor.url, "--root", tmp_path / "images")
    done = run("scripts.index", "import", published, "--store", url, *more)
    assert done.returncode == 1
    assert "/elsewhere/x.jpg: bad_parameter: Its path does not begin with" in done.stderr
    taken = records(url)
    assert len(taken) == COUNT + 1
    assert taken["gone.jpg"].sha256 == UNKNOWN_SHA256
    assert taken["0/0003.jpg"].metadata["folder"] == "0"
    again = run("scripts.ingest", tmp_path / "images", "--store", url, "--extractor", extractor.url, "--quiet")
    assert f"unchanged                {COUNT:>8}".split() == [
        word for line in again.stdout.splitlines() if "unchanged" in line for word in line.split()
    ]


def test_a_legacy_index_of_another_model_is_refused(
    published: str, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    url = f"embedded://{tmp_path}/images.db"
    with dummy_extractor(tmp_path_factory.mktemp("other") / "log", seed=1) as other:
        options = ("--store", url, "--extractor", other.url, "--root", tmp_path / "images")
        done = run("scripts.index", "import", published, *options)
    assert done.returncode == 2
    assert "EXTRACTOR_PREPROCESSING=legacy" in done.stderr
    with pytest.raises(StoreMissing):
        open_store(url)


def test_a_legacy_index_whose_files_are_elsewhere_needs_the_option_unverified(
    published: str, tmp_path: Path, extractor: Service
) -> None:
    url = f"embedded://{tmp_path}/images.db"
    (tmp_path / "moved").mkdir()
    options = ("--store", url, "--extractor", extractor.url, "--root", tmp_path / "moved")
    done = run("scripts.index", "import", published, *options)
    assert (done.returncode, "--unverified" in done.stderr) == (2, True)
    done = run("scripts.index", "import", published, *options, "--strip", tmp_path / "images", "--unverified")
    assert done.returncode == 1
    assert len(records(url)) == COUNT + 1
    (tmp_path / "moved").rmdir()
    (tmp_path / "images").rename(tmp_path / "moved")
    done = run("scripts.index", "import", published, *options, "--strip", tmp_path / "images")
    assert done.returncode == 1
    assert records(url)["0/0003.jpg"].sha256 != UNKNOWN_SHA256


def test_nothing_is_written_into_a_legacy_index(published: str, tmp_path: Path, extractor: Service) -> None:
    before = records(published)
    model = ("--extractor", extractor.url)
    commands: list[tuple[str, *tuple[object, ...]]] = [
        ("scripts.ingest", tmp_path / "images", "--quiet", *model),
        ("scripts.index", "clear", "--yes"),
        ("scripts.index", "drop", "--yes"),
        ("scripts.index", "export", tmp_path / "all.parquet"),
        ("scripts.reindex", "--to", f"{published}-next", "--root", tmp_path / "images", *model),
    ]
    for command in commands:
        done = run(*command, "--store", published)
        assert done.returncode == 2, command
        assert "scripts.index import" in done.stderr
    assert records(published).keys() == before.keys()
    kept, now = (one[f"{tmp_path}/images/gone.jpg"].vector for one in (before, records(published)))
    assert kept is not None
    assert now is not None
    assert np.array_equal(kept, now)
