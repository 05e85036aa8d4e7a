"""Ann searches: nearly what exact ones find, in pages that fit together, and never more than the candidates."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from search_api.stores.base import Search, Store, Vector
from tests.ingest.watching import wait_until
from tests.stores.comparing import Couple, records, value_of
from tests.stores.elastic.raw import Raw

_LONGEST = 15.0  # of the vectors in clusters; strangers are longer
_LEAST_RECALL = 0.98
_TIE = 1e-6


@pytest.fixture
def store(couple: Couple, elasticsearch: str) -> Store:
    index = str(couple.theirs.details()["index"])
    wait_until(lambda: _merges(Raw(elasticsearch), index) == 0)  # they change what a graph finds
    return couple.theirs


def _merges(raw: Raw, index: str) -> int:
    return int(raw.ask("GET", f"{index}/_stats/merge")["_all"]["total"]["merges"]["current"])


def queries(count: int) -> list[Vector]:
    """Near records that have others near them, as photos of the same thing are: a stranger's ten nearest are chance."""
    random = np.random.default_rng(42)
    rows = np.array([one.vector for one in records()], np.float32)
    rows = rows[np.linalg.norm(rows, axis=1) < _LONGEST]
    assert len(rows) > len(records()) / 2
    near = rows[random.integers(0, len(rows), count)] + 0.1 * random.normal(size=(count, rows.shape[1]))
    return list(near.astype(np.float32))


def recall(store: Store, search: Search) -> float:
    """Which part of the nearest ten an ann search finds; what is as near as the tenth counts."""
    exact = store.search(search)
    found = store.search(replace(search, mode="ann"))
    assert len(found.hits) == len(exact.hits)
    sign = 1 if store.metric == "cosine" else -1
    bar = min((sign * value_of(hit) for hit in exact.hits), default=0.0)
    near = sum(sign * value_of(hit) >= bar - _TIE * max(1.0, abs(bar)) for hit in found.hits)
    return near / len(exact.hits) if exact.hits else 1.0


def test_the_nearest_ten_are_nearly_always_found(store: Store) -> None:
    found = [recall(store, Search(query)) for query in queries(80)]
    print(f"recall@10, {store.metric}: {np.mean(found):.4f}")
    assert np.mean(found) >= _LEAST_RECALL


def test_a_filter_and_a_threshold_confine_it(store: Store) -> None:
    wanted = {"folder": ["2", "5"], "number": ["0"]}
    recalls = []
    for query in queries(20):
        middle = value_of(store.search(Search(query, filter=wanted)).hits[5])
        search = Search(query, middle, 0, 100, wanted, "ann")
        found = store.search(search)
        assert found.relation == "gte"
        assert 1 <= len(found.hits) == found.total <= 100
        assert all(hit.metadata["folder"] in wanted["folder"] and hit.metadata["number"] == 0 for hit in found.hits)
        sign = 1 if store.metric == "cosine" else -1
        assert all(sign * value_of(hit) >= sign * middle - 1e-5 * max(1.0, middle) for hit in found.hits)
        recalls.append(recall(store, Search(query, filter=wanted)))
    assert np.mean(recalls) >= _LEAST_RECALL


def test_a_hit_has_the_number_that_an_exact_search_gives_it(store: Store) -> None:
    for query in queries(5):
        exact = {hit.id: value_of(hit) for hit in store.search(Search(query, None, 0, 100)).hits}
        found = {hit.id: value_of(hit) for hit in store.search(Search(query, None, 0, 50, mode="ann")).hits}
        assert len(found.keys() & exact.keys()) >= 45
        assert all(found[id_] == exact[id_] for id_ in found.keys() & exact.keys())


@pytest.mark.parametrize("candidates", [1, 10, 60, 300])
def test_pages_neither_overlap_nor_leave_gaps_and_end_with_the_candidates(store: Store, candidates: int) -> None:
    (query,) = queries(1)
    size = max(1, candidates // 6)
    searches = [Search(query, None, offset, size, mode="ann", candidates=candidates) for offset in range(0, 400, size)]
    pages = [store.search(search) for search in searches]
    sign = -1 if store.metric == "cosine" else 1
    places = [(sign * value_of(hit), hit.id) for page in pages for hit in page.hits]
    assert {(page.total, page.relation) for page in pages} == {(candidates, "gte")}
    assert len(places) == len({id_ for _, id_ in places}) == candidates
    assert all(before < after for before, after in pairwise(places))
    whole = store.search(Search(query, None, 0, 400, mode="ann", candidates=candidates))
    assert [hit.id for hit in whole.hits] == [id_ for _, id_ in places]
