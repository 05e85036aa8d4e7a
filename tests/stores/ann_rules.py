"""Ann searches in a graph: nearly the hits of exact ones, pages that fit together, never more than the candidates.

A test module inherits them and has one fixture, ``graph``: a couple, of which the other store has a graph.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from search_api.stores.base import Search, Vector
from tests.stores.comparing import Couple, records, value_of

_MAX_LENGTH = 15.0  # of the vectors in clusters; strangers are longer
_MIN_RECALL = 0.98
_TIE = 1e-6


def queries(count: int) -> list[Vector]:
    """Return vectors near records with neighbours, as photos of one thing have: a stranger's ten nearest are chance."""
    random = np.random.default_rng(42)
    rows = np.array([one.vector for one in records()], np.float32)
    rows = rows[np.linalg.norm(rows, axis=1) < _MAX_LENGTH]
    assert len(rows) > len(records()) / 2
    near = rows[random.integers(0, len(rows), count)] + 0.1 * random.normal(size=(count, rows.shape[1]))
    return list(near.astype(np.float32))


def recall(graph: Couple, search: Search) -> float:
    """Return the share of the nearest ten that an ann search returns; what is as near as the tenth counts too.

    The nearest ten are those of the embedded store.
    """
    exact, found = graph.ours.search(search), graph.theirs.search(replace(search, mode="ann"))
    assert len(found.hits) <= len(exact.hits)
    cutoff = min(graph.better * value_of(hit) for hit in exact.hits)
    return sum(graph.better * value_of(hit) >= cutoff - _TIE * max(1.0, abs(cutoff)) for hit in found.hits) / len(
        exact.hits
    )


class AnnRules:
    """What every graph keeps."""

    def test_the_nearest_ten_are_nearly_always_found(self, graph: Couple) -> None:
        found = [recall(graph, Search(query)) for query in queries(80)]
        print(f"recall@10, {graph.metric}: {np.mean(found):.4f}")
        assert np.mean(found) >= _MIN_RECALL

    def test_a_filter_a_threshold_and_exclusions_confine_it(self, graph: Couple) -> None:
        wanted = {"folder": ["2", "5"], "number": ["0"]}
        recalls = []
        for query in queries(20):
            exact = graph.ours.search(Search(query, filter=wanted))
            middle, left_out = value_of(exact.hits[5]), exact.hits[1].id
            found = graph.theirs.search(
                Search(query, threshold=middle, limit=100, filter=wanted, mode="ann", exclude=[left_out])
            )
            assert found.relation == "gte"
            assert len(found.hits) == found.total <= 100
            assert left_out not in {hit.id for hit in found.hits}
            assert all(hit.metadata["folder"] in wanted["folder"] and hit.metadata["number"] == 0 for hit in found.hits)
            cutoff = graph.better * middle - 1e-5 * max(1.0, middle)
            assert all(graph.better * value_of(hit) >= cutoff for hit in found.hits)
            recalls.append(recall(graph, Search(query, filter=wanted)))
        assert np.mean(recalls) >= _MIN_RECALL

    def test_a_hit_has_the_number_that_an_exact_search_gives_it(self, graph: Couple) -> None:
        for query in queries(5):
            exact = {hit.id: value_of(hit) for hit in graph.ours.search(Search(query, limit=100)).hits}
            found = {hit.id: value_of(hit) for hit in graph.theirs.search(Search(query, limit=50, mode="ann")).hits}
            both = found.keys() & exact.keys()
            assert len(both) >= 45
            assert [found[id_] for id_ in both] == pytest.approx([exact[id_] for id_ in both], rel=_TIE, abs=2 * _TIE)

    @pytest.mark.parametrize("candidates", [1, 10, 60, 300])
    def test_pages_neither_overlap_nor_leave_gaps_and_end_with_the_candidates(
        self, graph: Couple, candidates: int
    ) -> None:
        (query,) = queries(1)
        size = max(1, candidates // 6)
        asked = Search(query, mode="ann", candidates=candidates)
        pages = [graph.theirs.search(replace(asked, offset=offset, limit=size)) for offset in range(0, 400, size)]
        ranks = [(-graph.better * value_of(hit), hit.id) for page in pages for hit in page.hits]
        assert {(page.total, page.relation) for page in pages} == {(candidates, "gte")}
        assert len(ranks) == len({id_ for _, id_ in ranks}) == candidates
        assert all(before < after for before, after in pairwise(ranks))
        whole = graph.theirs.search(replace(asked, limit=400))
        assert [hit.id for hit in whole.hits] == [id_ for _, id_ in ranks]
