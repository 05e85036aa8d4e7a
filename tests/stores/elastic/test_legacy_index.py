"""A legacy index, as the published script makes it: searched right as it is, and never changed."""

import logging
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from search_api.stores import create_store, drop_store, open_store, swap_stores
from search_api.stores.base import (
    UNKNOWN_FINGERPRINT,
    ModelMismatch,
    Search,
    Store,
    StoreMissing,
    StoreReadOnly,
    StoreUnavailable,
    Vector,
)
from tests.answers import assert_sentence
from tests.ingest.watching import wait_until
from tests.stores.elastic.raw import Raw
from tests.stores.samples import DIM, FINGERPRINT, record
from tests.stores.uses import WRITING

_DIM, _COUNT = 512, 300
_VECTOR = {"type": "dense_vector", "dims": _DIM}
_MAPPINGS: Mapping[str, dict[str, Any]] = {
    "as published": {"feature_vector": _VECTOR, "file_path": {"type": "keyword"}},
    "path mapped by itself": {"feature_vector": _VECTOR},
    "vectors without a graph": {"feature_vector": {**_VECTOR, "index": False}, "file_path": {"type": "keyword"}},
}


@dataclass(frozen=True)
class LegacyIndex:
    """The index and its rows: the path and the vector of each document that can be found."""

    url: str
    paths: list[str]
    rows: NDArray[np.float64]

    def ranking(self, query: Vector) -> list[tuple[float, str]]:
        """Minus the cosine, and the path: best first, then by path."""
        wanted = query.astype(np.float64)
        cosines = self.rows @ wanted / np.linalg.norm(self.rows, axis=1) / np.linalg.norm(wanted)
        return sorted(zip((-cosines.round(6)).tolist(), self.paths, strict=True))


@pytest.fixture(scope="module", params=list(_MAPPINGS))
def legacy(request: pytest.FixtureRequest, elasticsearch: str) -> Iterator[LegacyIndex]:
    raw, name, properties = Raw(elasticsearch), f"legacy-{secrets.token_hex(4)}", _MAPPINGS[request.param]
    raw.ask("PUT", name, {"mappings": {"properties": properties}})
    random = np.random.default_rng(1)
    rows = random.normal(size=(_COUNT, _DIM)).astype(np.float32)
    rows[100:110] = rows[0]  # ten equal images
    paths = [f"/photos/{number % 7}/Größe {number:03}.jpg" for number in random.permutation(_COUNT)]
    paths[50:60] = paths[60:70]  # ten paths that were indexed twice
    documents: list[dict[str, Any]] = [
        {"file_path": path, "feature_vector": row.tolist()} for path, row in zip(paths, rows, strict=True)
    ]
    if not properties["feature_vector"].get("index", True):  # a graph of cosines takes no zeros
        documents.append({"file_path": "/photos/black.jpg", "feature_vector": [0.0] * _DIM})
    raw.load(name, [*documents, {"file_path": "/photos/nothing.jpg"}])
    yield LegacyIndex(f"elasticsearch://{elasticsearch}/{name}", paths, rows.astype(np.float64))
    raw.delete(name)


@pytest.fixture
def opened(legacy: LegacyIndex) -> Iterator[Store]:
    store = open_store(legacy.url)
    yield store
    store.close()


def queries() -> list[Vector]:
    random = np.random.default_rng(1)
    row = random.normal(size=(_COUNT, _DIM)).astype(np.float32)[0]
    return [row, row * np.float32(1e-6), np.random.default_rng(2).normal(size=_DIM).astype(np.float32)]


def test_it_opens_for_reading_with_a_warning(legacy: LegacyIndex, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        store = open_store(legacy.url)
    (line,) = [entry for entry in caplog.records if entry.name.startswith("search_api")]
    assert "made by the published script" in line.getMessage()
    assert legacy.url.rpartition("/")[2] in line.getMessage()
    assert (store.fingerprint, store.metric, store.dim, store.read_only) == (UNKNOWN_FINGERPRINT, "cosine", _DIM, True)
    store.expect("any:model")
    store.ping()
    assert store.details()["index"] == legacy.url.rpartition("/")[2]
    store.close()


@pytest.mark.parametrize("mode", ["exact", "ann"])
def test_searches_are_exact_and_ordered_by_path_where_scores_are_equal(
    legacy: LegacyIndex, opened: Store, mode: Any
) -> None:
    for query in queries():
        expected = legacy.ranking(query)
        pages = [opened.search(Search(query, None, offset, 64, mode=mode)) for offset in range(0, 400, 64)]
        hits = [hit for page in pages for hit in page.hits]
        assert {(page.total, page.relation) for page in pages} == {(_COUNT, "eq")}
        assert [hit.score for hit in hits] == pytest.approx([-sort_key for sort_key, _ in expected], abs=1e-5)
        ranks = [(-(hit.score or 0.0), hit.file_path) for hit in hits]
        assert all(before <= after for before, after in pairwise(ranks))
        assert sorted(hit.file_path for hit in hits) == sorted(legacy.paths)
        assert len({hit.id for hit in hits}) == _COUNT


def test_a_threshold_counts_what_passes(legacy: LegacyIndex, opened: Store) -> None:
    for query in queries():
        cosines = sorted(-sort_key for sort_key, _ in legacy.ranking(query))
        for threshold in (-1.0, 0.0, 0.02, 0.05, 1.0, (cosines[-20] + cosines[-21]) / 2):
            found = opened.search(Search(query, threshold, 0, 5))
            assert found.total == sum(cosine >= threshold - 1e-7 for cosine in cosines)
    equal = opened.search(Search(queries()[0], 1.0, 0, 100)).hits
    assert len(equal) == 11
    assert [hit.file_path for hit in equal] == sorted(hit.file_path for hit in equal)


def test_records_are_read_by_their_ids_and_paths(legacy: LegacyIndex, opened: Store) -> None:
    first = opened.search(Search(queries()[0], None, 0, 3)).hits
    found = {one.id: one for one in opened.get([hit.id for hit in first], with_vectors=True)}
    assert set(found) == {hit.id for hit in first}
    for hit in first:
        vector = found[hit.id].vector
        assert vector is not None
        assert vector.tolist() == pytest.approx(legacy.rows[0].tolist(), rel=1e-5, abs=1e-6)
        assert (found[hit.id].sha256, found[hit.id].metadata) == ("0" * 64, {})
    assert opened.get(["unknown", "", "x" * 600, first[0].id])[0].vector is None
    assert len(opened.by_path([legacy.paths[50]])) == 2
    assert opened.by_path(["/photos", ""]) == opened.by_path([]) == opened.by_sha256(["0" * 64]) == []


def test_a_scan_gives_every_document_once(legacy: LegacyIndex, opened: Store) -> None:
    scanned = list(opened.scan())
    assert len(scanned) == len({one.id for one in scanned}) == opened.count()
    found = sorted(one.file_path for one in scanned if one.vector is not None and one.vector.any())
    assert found == sorted(legacy.paths)
    assert {one.vector for one in opened.scan(with_vectors=False)} == {None}


def test_no_filter_matches_as_it_has_no_metadata(opened: Store) -> None:
    assert opened.search(Search(queries()[0], filter={"folder": ["0"]})).total == 0


def test_nothing_changes_it(legacy: LegacyIndex, opened: Store) -> None:
    count = opened.count()
    ways: list[Callable[[], object]] = [partial(use, opened) for name, use in WRITING.items() if name != "publish"]
    ways.append(partial(drop_store, legacy.url))
    for way in ways:
        with pytest.raises(StoreReadOnly, match=r"python -m scripts\.index import") as caught:
            way()
        assert_sentence(str(caught.value))
    opened.publish()
    with pytest.raises(StoreUnavailable, match=r"not an alias, so it cannot be swapped"):
        swap_stores(legacy.url, f"{legacy.url}-next")
    again = create_store(legacy.url, FINGERPRINT, _DIM)
    with pytest.raises(StoreReadOnly):
        again.upsert([record("a.jpg", queries()[0])])
    again.close()
    with pytest.raises(ModelMismatch):
        create_store(f"{legacy.url}?metric=l2", FINGERPRINT, _DIM)
    assert opened.count() == count


def test_a_collection_that_takes_its_place_is_noticed(url: str, raw: Raw, name: str) -> None:
    raw.ask("PUT", name, {"mappings": {"properties": _MAPPINGS["as published"]}})
    opened = open_store(url)
    assert not opened.stale
    raw.delete(name)
    wait_until(lambda: opened.stale)
    with pytest.raises(StoreMissing):
        opened.ping()
    create_store(url, FINGERPRINT, DIM).close()
    store = open_store(url)
    assert (store.fingerprint, store.read_only, opened.stale) == (FINGERPRINT, False, True)
    store.close()
    opened.close()
