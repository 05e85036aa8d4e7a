"""Contract: with many records, random, clustered and equal, every page and total is that of brute force."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest

from search_api.stores import create_store
from search_api.stores.base import MAX_DEPTH, Metric, Record, Search, Store
from tests.stores.oracle import Oracle
from tests.stores.samples import FINGERPRINT, crowd, record
from tests.stores.urls import MakeUrl

_DIM = 64
_COUNT = 20_000


def filled(url: str, records: Sequence[Record]) -> Store:
    store = create_store(url, FINGERPRINT, _DIM)
    for start in range(0, len(records), 4_000):
        store.upsert(records[start : start + 4_000])
    store.publish()
    return store


class BulkRules:
    """Exact search against the oracle."""

    @pytest.mark.parametrize("metric", ["cosine", "l2"])
    def test_pages_and_totals_are_those_of_brute_force(self, make_url: MakeUrl, metric: Metric) -> None:
        records = crowd(_COUNT, _DIM)
        oracle, store = Oracle(records, metric), filled(make_url(metric), records)
        random = np.random.default_rng(7)
        thresholds = [None, -0.2, 0.3, 0.9, 1.0] if metric == "cosine" else [None, 0.0, 9.0, 60.0, 400.0]
        for turn in range(40):
            vector = records[int(random.integers(_COUNT))].vector if turn % 2 else random.normal(size=_DIM)
            offset, limit = int(random.integers(0, 2_000)), int(random.integers(1, 1_000))
            wanted = {"folder": ["1", "4"], "number": ["2"]} if turn % 3 == 0 else {}
            query = np.asarray(vector, np.float32)
            oracle.check(
                store,
                Search(
                    query, threshold=thresholds[turn % 5], offset=offset if turn % 4 else 0, limit=limit, filter=wanted
                ),
            )
        store.close()

    def test_pages_to_the_deepest_neither_overlap_nor_leave_gaps(self, make_url: MakeUrl) -> None:
        records = crowd(_COUNT, _DIM, seed=3)
        oracle, store = Oracle(records, "cosine"), filled(make_url("cosine"), records)
        query = records[0].vector
        assert query is not None
        pages = [
            oracle.check(store, Search(query, offset=offset, limit=1_000)) for offset in range(0, MAX_DEPTH, 1_000)
        ]
        ranks = [(-(hit.score or 0), hit.id) for page in pages for hit in page.hits]
        assert len(ranks) == len({id_ for _, id_ in ranks}) == MAX_DEPTH
        assert all(before < after for before, after in pairwise(ranks))
        assert {page.total for page in pages} == {_COUNT}
        store.close()

    def test_every_threshold_counts_what_brute_force_counts(self, make_url: MakeUrl) -> None:
        records = crowd(4_000, _DIM, seed=5)
        oracle, store = Oracle(records, "cosine"), filled(make_url("cosine"), records)
        query = np.random.default_rng(11).normal(size=_DIM).astype(np.float32)
        for threshold in np.linspace(-0.6, 0.8, 60):
            oracle.check(store, Search(query, threshold=float(threshold), limit=5))
        store.close()

    def test_after_changes_and_deletions_the_rest_is_still_exact(self, make_url: MakeUrl) -> None:
        records = {one.file_path: one for one in crowd(6_000, _DIM, seed=9)}
        store = filled(make_url("cosine"), list(records.values()))
        random = np.random.default_rng(13)
        for _ in range(6):
            chosen = random.permutation(list(records))
            changed = [record(str(path), random.normal(size=_DIM), folder="new") for path in chosen[:300]]
            deleted = [records.pop(str(path)).id for path in chosen[300:1_100]]
            records |= {one.file_path: one for one in changed}
            store.upsert(changed)
            assert store.delete(ids=deleted) == len(deleted)
            store.publish()
            oracle = Oracle(list(records.values()), "cosine")
            vector = records[str(chosen[0])].vector
            assert vector is not None
            found = oracle.check(store, Search(vector, limit=50))
            assert found.total == store.count() == len(records)
            oracle.check(store, Search(vector, threshold=-0.1, offset=100, limit=300, filter={"folder": ["new", "2"]}))
        store.close()
