"""python -m scripts.reindex: another model for a collection that goes on answering."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from search_api.stores import open_store
from search_api.stores.base import Record, StoreMissing, image_id
from search_api.stores.lazy import LazyStore
from tests.ingest.album import fill, image, put
from tests.running import run
from tests.servers.dummy_extractor import dummy_extractor
from tests.servers.process import Service
from tests.stores.urls import server_urls

COUNT = 50


@pytest.fixture(scope="module")
def other_extractor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with dummy_extractor(tmp_path_factory.mktemp("other-extractor") / "log", seed=1) as service:
        yield service


@pytest.fixture
def folder(tmp_path: Path, urls: tuple[str, str], extractor: Service) -> Path:
    """A folder of images that is indexed at the first place; one of them has metadata of its own."""
    folder = tmp_path / "images"
    fill(folder, COUNT)
    put(folder, "copy.jpg", image(3))
    assert run("scripts.ingest", folder, "--store", urls[0], "--extractor", extractor.url, "--quiet").returncode == 0
    store = open_store(urls[0])
    (one,) = store.by_path(["0/0003.jpg"], with_vectors=True)
    store.upsert([replace(one, metadata={**one.metadata, "title": "Größe"})])
    store.publish()
    store.close()
    return folder


def reindex(urls: tuple[str, str], extractor: Service, folder: Path, *options: str) -> tuple[int, str]:
    done = run(
        "scripts.reindex",
        "--store",
        urls[0],
        "--to",
        urls[1],
        "--extractor",
        extractor.url,
        "--root",
        folder,
        "--quiet",
        *options,
    )
    return done.returncode, done.stdout + done.stderr


def records(url: str) -> dict[str, Record]:
    store = open_store(url)
    found = {record.file_path: replace(record, vector=None) for record in store.scan()}
    store.close()
    return found


def fingerprint(url: str) -> str:
    store = open_store(url)
    store.close()
    return store.fingerprint


class ReindexRules:
    """What holds on every engine; ``urls`` are the places of the collection and of its successor."""

    def test_the_collection_has_the_new_models_vectors_and_all_its_metadata(
        self, urls: tuple[str, str], folder: Path, other_extractor: Service
    ) -> None:
        before, old = records(urls[0]), fingerprint(urls[0])
        code, said = reindex(urls, other_extractor, folder)
        assert (code, "has the new vectors now" in said) == (0, True)
        assert records(urls[0]) == before == records(urls[1])
        assert before["0/0003.jpg"].metadata["title"] == "Größe"
        assert "title" not in before["copy.jpg"].metadata
        assert fingerprint(urls[0]) != old == fingerprint(urls[1])

    def test_a_running_service_switches_to_the_new_collection_by_itself(
        self, urls: tuple[str, str], folder: Path, other_extractor: Service
    ) -> None:
        lazy = LazyStore(urls[0])
        old = lazy.get().fingerprint
        assert reindex(urls, other_extractor, folder)[0] == 0
        while lazy.get().fingerprint == old:
            assert lazy.get().count() == COUNT + 1
        assert lazy.get().count() == COUNT + 1

    def test_files_that_cannot_be_embedded_keep_the_old_collection_in_its_place(
        self, urls: tuple[str, str], folder: Path, other_extractor: Service
    ) -> None:
        old = fingerprint(urls[0])
        (folder / "0" / "0006.jpg").unlink()
        put(folder, "1/0001.jpg", b"\xff\xd8\xff no image any more")
        code, said = reindex(urls, other_extractor, folder)
        assert code == 1
        assert "0/0006.jpg: not_found: The file is gone" in said
        assert "1/0001.jpg: truncated_image: " in said or "1/0001.jpg: not_an_image: " in said
        assert "2 images could not be embedded" in said
        assert fingerprint(urls[0]) == old
        code, said = reindex(urls, other_extractor, folder, "--without-failed")
        assert code == 1
        assert fingerprint(urls[0]) != old
        assert len(records(urls[0])) == COUNT - 1

    def test_an_interrupted_run_goes_on_where_it_was(
        self, urls: tuple[str, str], folder: Path, other_extractor: Service
    ) -> None:
        (folder / "0" / "0006.jpg").rename(folder / "aside")
        assert reindex(urls, other_extractor, folder)[0] == 1
        (folder / "aside").rename(folder / "0" / "0006.jpg")
        code, _ = reindex(urls, other_extractor, folder)
        assert code == 0
        assert len(records(urls[0])) == COUNT + 1

    def test_what_was_deleted_meanwhile_does_not_come_back(
        self, urls: tuple[str, str], folder: Path, other_extractor: Service
    ) -> None:
        (folder / "0" / "0006.jpg").unlink()
        assert reindex(urls, other_extractor, folder)[0] == 1
        store = open_store(urls[0])
        assert store.delete(ids=[image_id("0/0006.jpg"), image_id("1/0001.jpg")]) == 2
        store.publish()
        store.close()
        assert reindex(urls, other_extractor, folder)[0] == 0
        assert len(records(urls[0])) == COUNT - 1
        assert "1/0001.jpg" not in records(urls[0])

    def test_a_wrong_root_or_target_is_refused_before_anything_is_made(
        self, urls: tuple[str, str], folder: Path, tmp_path: Path, other_extractor: Service
    ) -> None:
        old = fingerprint(urls[0])
        code, said = reindex(urls, other_extractor, tmp_path / "elsewhere")
        assert (code, "give the right --root" in said) == (2, True)
        code, said = reindex((urls[0], urls[0]), other_extractor, folder)
        assert (code, "swapped with" in said) == (2, True)
        engine = "elasticsearch://localhost/images" if urls[0].startswith("embedded") else f"embedded://{tmp_path}/x.db"
        code, said = reindex((urls[0], engine), other_extractor, folder)
        assert (code, "within one engine" in said) == (2, True)
        with pytest.raises(StoreMissing):
            open_store(urls[1])
        assert fingerprint(urls[0]) == old


class TestEmbedded(ReindexRules):
    """The files change places."""

    @pytest.fixture
    def urls(self, tmp_path: Path) -> tuple[str, str]:
        return f"embedded://{tmp_path}/images.db", f"embedded://{tmp_path}/next.db"


class TestElasticsearch(ReindexRules):
    """The aliases change places."""

    @pytest.fixture
    def urls(self, elasticsearch: str) -> Iterator[tuple[str, str]]:
        with server_urls(f"elasticsearch://{elasticsearch}") as make:
            yield make("cosine"), make("cosine")


def test_without_a_root_it_says_so(tmp_path: Path) -> None:
    done = run("scripts.reindex", "--store", f"embedded://{tmp_path}/a.db", "--to", f"embedded://{tmp_path}/b.db")
    assert done.returncode == 2
    assert "--root" in done.stderr
