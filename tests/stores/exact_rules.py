"""Exact searches of another store give what the embedded store gives: on 20,000 clustered vectors, many of them equal.

A test module inherits them and has one fixture, ``couple``.
"""

from itertools import pairwise

import numpy as np

from search_api.stores.base import MAX_DEPTH, Search, Vector
from tests.stores.comparing import Couple, records, value_of, vector_of

_THRESHOLDS = {"cosine": [None, -0.2, 0.3, 0.9, 1.0], "l2": [None, 0.0, 9.0, 60.0, 400.0]}


def queries(count: int, seed: int) -> list[Vector]:
    """Half of them are vectors of records, the others lie anywhere."""
    random = np.random.default_rng(seed)
    strangers = random.normal(size=(count, vector_of(0).size)).astype(np.float32)
    return [vector_of(int(random.integers(len(records())))) if turn % 2 else strangers[turn] for turn in range(count)]


class ExactRules:
    """The same hits, the same totals, whatever the page, the threshold and the filter."""

    def test_pages_and_totals_are_the_same(self, couple: Couple) -> None:
        random = np.random.default_rng(31)
        for turn, query in enumerate(queries(20, seed=32)):
            threshold = _THRESHOLDS[couple.metric][turn % 5]
            wanted = {"folder": ["1", "4"], "number": ["2"]} if turn % 3 == 0 else {}
            offset = int(random.integers(0, 1_000)) if turn % 4 else 0
            couple.compare(
                Search(query, threshold=threshold, offset=offset, limit=int(random.integers(1, 300)), filter=wanted)
            )

    def test_thresholds_on_the_edge_let_the_same_records_pass(self, couple: Couple) -> None:
        for query in queries(6, seed=33):
            page = couple.compare(Search(query, limit=40))
            for hit in page.hits[::13]:
                value = value_of(hit)
                nudge = 5e-6 * max(1.0, value)
                totals = [
                    couple.compare(Search(query, threshold=value + by, limit=1)).total for by in (-nudge, 0.0, nudge)
                ]
                assert totals == sorted(totals, reverse=couple.metric == "cosine")
                assert totals[0] != totals[2], "it passes on the one side of its own value and not on the other"

    def test_pages_are_the_same_to_the_deepest(self, couple: Couple) -> None:
        query = vector_of(0)
        pages = [couple.compare(Search(query, offset=offset, limit=1_000)) for offset in range(0, MAX_DEPTH, 1_000)]
        ranks = [(-couple.better * value_of(hit), hit.id) for page in pages for hit in page.hits]
        assert len({id_ for _, id_ in ranks}) == MAX_DEPTH
        assert all(before < after for before, after in pairwise(ranks))

    def test_filters_of_many_values_are_the_same(self, couple: Couple) -> None:
        wanted: list[dict[str, list[str]]] = [
            {"folder": [str(number) for number in range(70_000)]},
            {"folder": []},
            {"folder": ["0", "0", "6"], "number": ["0", "1"]},
            {"nothing": ["of", "the", "kind"]},
        ]
        for one in wanted:
            couple.compare(Search(vector_of(1), limit=50, filter=one))
            assert couple.theirs.count(one) == couple.ours.count(one)
