"""Ann searches in an HNSW graph: nearly what exact ones find, in pages that fit together; exact ones are refused."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from search_api.stores.base import BadQuery, Search, Vector
from tests.answers import assert_sentence
from tests.stores.comparing import Couple, records, value_of

_LONGEST = 15.0  # of the vectors in clusters; strangers are longer
_LEAST_RECALL = 0.98
_LEAST_FILTERED_RECALL = 0.9  # through one record in ten the ways are few, and now and then a cluster is not reached
_TIE = 1e-6


def queries(count: int) -> list[Vector]:
    """Near records that have others near them, as photos of the same thing are: a stranger's ten nearest are chance."""
    random = np.random.default_rng(42)
    rows = np.array([one.vector for one in records()], np.float32)
    rows = rows[np.linalg.norm(rows, axis=1) < _LONGEST]
    near = rows[random.integers(0, len(rows), count)] + 0.1 * random.normal(size=(count, rows.shape[1]))
    return list(near.astype(np.float32))


def recall(graph: Couple, search: Search) -> float:
    """Which part of the nearest ten an ann search finds; what is as near as the tenth counts.

    Under a filter Milvus' graph may find fewer than ten: those it does not find are missing here.
    """
    exact, found = graph.ours.search(search), graph.theirs.search(replace(search, mode="ann"))
    assert len(found.hits) <= len(exact.hits)
    sign = 1 if graph.metric == "cosine" else -1
    bar = min(sign * value_of(hit) for hit in exact.hits)
    return sum(sign * value_of(hit) >= bar - _TIE * max(1.0, abs(bar)) for hit in found.hits) / len(exact.hits)


def test_the_nearest_ten_are_nearly_always_found(graph: Couple) -> None:
    found = [recall(graph, Search(query)) for query in queries(80)]
    print(f"recall@10, {graph.metric}: {np.mean(found):.4f}")
    assert np.mean(found) >= _LEAST_RECALL


def test_a_filter_a_threshold_and_exclusions_confine_it(graph: Couple) -> None:
    wanted = {"folder": ["2", "5"], "number": ["0"]}
    recalls = []
    for query in queries(20):
        exact = graph.ours.search(Search(query, filter=wanted))
        middle, gone = value_of(exact.hits[5]), exact.hits[1].id
        found = graph.theirs.search(Search(query, middle, 0, 100, wanted, "ann", exclude=[gone]))
        assert found.relation == "gte"
        assert len(found.hits) == found.total <= 100
        assert gone not in {hit.id for hit in found.hits}
        assert all(hit.metadata["folder"] in wanted["folder"] and hit.metadata["number"] == 0 for hit in found.hits)
        sign = 1 if graph.metric == "cosine" else -1
        assert all(sign * value_of(hit) >= sign * middle - 1e-5 * max(1.0, middle) for hit in found.hits)
        recalls.append(recall(graph, Search(query, filter=wanted)))
    assert np.mean(recalls) >= _LEAST_FILTERED_RECALL


@pytest.mark.parametrize("candidates", [1, 10, 60, 300])
def test_pages_neither_overlap_nor_leave_gaps_and_end_with_the_candidates(graph: Couple, candidates: int) -> None:
    (query,) = queries(1)
    size = max(1, candidates // 6)
    searches = [Search(query, None, offset, size, mode="ann", candidates=candidates) for offset in range(0, 400, size)]
    pages = [graph.theirs.search(search) for search in searches]
    sign = -1 if graph.metric == "cosine" else 1
    places = [(sign * value_of(hit), hit.id) for page in pages for hit in page.hits]
    assert {(page.total, page.relation) for page in pages} == {(candidates, "gte")}
    assert len(places) == len({id_ for _, id_ in places}) == candidates
    assert all(before < after for before, after in pairwise(places))


def test_an_exact_search_is_refused_by_name(graph: Couple) -> None:
    with pytest.raises(BadQuery, match=r"mode exact is not possible .* HNSW graph") as caught:
        graph.theirs.search(Search(queries(1)[0]))
    assert_sentence(str(caught.value))
    assert str(graph.theirs.details()["index"]).startswith("hnsw M=16 efConstruction=200")
