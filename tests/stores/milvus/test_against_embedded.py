"""Exact searches give what the embedded store gives, whatever Milvus' limit of 16,384 hits."""

import secrets
from itertools import pairwise
from pathlib import Path

import numpy as np

from search_api.stores import drop_store
from search_api.stores.base import MAX_DEPTH, Search, Store, Vector
from search_api.stores.milvus.ranking import MOST
from tests.stores.comparing import Couple, filled, records, value_of
from tests.stores.samples import FINGERPRINT, QUERY, at_cosine, record

_THRESHOLDS = {"cosine": [None, -0.2, 0.3, 0.9, 1.0], "l2": [None, 0.0, 9.0, 60.0, 400.0]}


def vector_of(number: int) -> Vector:
    vector = records()[number].vector
    assert vector is not None
    return vector


def queries(count: int, seed: int) -> list[Vector]:
    """Half of them are vectors of records, the others lie anywhere."""
    random = np.random.default_rng(seed)
    strangers = random.normal(size=(count, vector_of(0).size)).astype(np.float32)
    return [vector_of(int(random.integers(len(records())))) if turn % 2 else strangers[turn] for turn in range(count)]


def test_pages_and_totals_are_the_same(couple: Couple) -> None:
    random = np.random.default_rng(31)
    for turn, query in enumerate(queries(20, seed=32)):
        threshold = _THRESHOLDS[couple.metric][turn % 5]
        wanted = {"folder": ["1", "4"], "number": ["2"]} if turn % 3 == 0 else {}
        offset = int(random.integers(0, 1_000)) if turn % 4 else 0
        couple.compare(Search(query, threshold, offset, int(random.integers(1, 300)), wanted))


def test_totals_of_more_than_one_search_may_give_are_the_same(couple: Couple) -> None:
    low = (-1.0, -0.6, -0.4, -0.3) if couple.metric == "cosine" else (300.0, 600.0, 900.0, 1e6)
    for query in queries(4, seed=36):
        pages = [couple.compare(Search(query, threshold, 9_000, 1_000)) for threshold in low]
        assert max(page.total for page in pages) > MOST
        without = [one.id for one in records()[:700]]
        assert couple.theirs.search(
            Search(query, low[0 if couple.metric == "cosine" else 3], exclude=without)
        ).total == (len(records()) - 700)


def test_thresholds_on_the_edge_let_the_same_records_pass(couple: Couple) -> None:
    for query in queries(6, seed=33):
        page = couple.compare(Search(query, None, 0, 40))
        for hit in page.hits[::13]:
            value = value_of(hit)
            nudge = 5e-6 * max(1.0, value)
            totals = [couple.compare(Search(query, value + by, 0, 1)).total for by in (-nudge, 0.0, nudge)]
            assert totals == sorted(totals, reverse=couple.metric == "cosine")
            assert totals[0] != totals[2], "it passes on the one side of its own value and not on the other"


def test_pages_are_the_same_to_the_deepest(couple: Couple) -> None:
    query = vector_of(0)
    pages = [couple.compare(Search(query, None, offset, 1_000)) for offset in range(0, MAX_DEPTH, 1_000)]
    sign = -1 if couple.metric == "cosine" else 1
    places = [(sign * value_of(hit), hit.id) for page in pages for hit in page.hits]
    assert len({id_ for _, id_ in places}) == MAX_DEPTH
    assert all(before < after for before, after in pairwise(places))


def test_filters_of_many_values_are_the_same(couple: Couple) -> None:
    wanted: list[dict[str, list[str]]] = [
        {"folder": [str(number) for number in range(70_000)]},
        {"folder": []},
        {"folder": ["0", "0", "6"], "number": ["0", "1"]},
        {"nothing": ["of", "the", "kind"]},
    ]
    for one in wanted:
        couple.compare(Search(vector_of(1), None, 0, 50, one))
        assert couple.theirs.count(one) == couple.ours.count(one)


def test_ann_is_answered_exactly_without_a_graph(couple: Couple) -> None:
    search = Search(vector_of(3), None, 20, 50)
    exact, ann = couple.theirs.search(search), couple.theirs.search(Search(vector_of(3), None, 20, 50, mode="ann"))
    assert (ann.hits, ann.relation) == (exact.hits, "eq")


def test_more_ties_than_one_search_may_give_are_counted_and_ordered(milvus: str) -> None:
    url = f"milvus://{milvus}/ties_{secrets.token_hex(4)}"
    equal = [record(f"{number}.jpg", at_cosine(0.5)) for number in range(MOST + 2_000)]
    store = filled(url, [*equal, record("best.jpg"), record("worst.jpg", at_cosine(-1))])
    _check_ties(store, [one.id for one in equal])
    store.close()
    drop_store(url)


def test_a_file_counts_and_orders_as_many(tmp_path: Path) -> None:
    equal = [record(f"{number}.jpg", at_cosine(0.5)) for number in range(MOST + 2_000)]
    store = filled(f"milvus://{tmp_path}/images.db", [*equal, record("best.jpg"), record("worst.jpg", at_cosine(-1))])
    assert store.fingerprint == FINGERPRINT
    _check_ties(store, [one.id for one in equal])
    store.close()


def _check_ties(store: Store, ids: list[str]) -> None:
    ordered = sorted(ids)
    for offset in (0, 5_000, MAX_DEPTH - 100):
        found = store.search(Search(QUERY, 0.4, offset, 100))
        assert found.total == len(ids) + 1
        assert [hit.id for hit in found.hits if hit.file_path != "best.jpg"] == ordered[
            max(0, offset - 1) : offset + 99
        ]
    assert store.search(Search(QUERY, None)).total == len(ids) + 2
