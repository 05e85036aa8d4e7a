"""One search in one collection: asks Milvus for candidates, has them ranked, and makes hits of one page of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from search_api.stores.base import Hit, Hits, Metric, Search, Vector
from search_api.stores.milvus.candidates import Candidate, cutoff_of, radius_of, to_candidate, value_of
from search_api.stores.milvus.collection import Collection
from search_api.stores.milvus.expressions import every, ids_between
from search_api.stores.milvus.ranking import MAX_HITS, Ranking, rank, rank_candidates
from search_api.stores.milvus.rows import TEXTS, as_record
from search_api.stores.scoring import as_hit, unit_vector

_MAX_UNUSED_RECORDS = 1_000  # reading so many along with a page is cheaper than a second request for the page


def exact_search(collection: Collection, search: Search, expressions: Sequence[str]) -> Hits:
    """Return page and total as brute force has them, of the records that match all ``expressions``."""
    query = _query(collection, search, expressions)
    # milvus-lite makes rows of everything first and cuts them off then, so there a radius costs more than it saves
    if (cutoff := cutoff_of(search, query.metric)) is not None and not collection.lite:
        query = replace(query, parameters={"radius": radius_of(cutoff, query.metric)})
    ranking = rank(search, query.metric, query)
    return Hits(_hits(collection, ranking), ranking.total, "eq")


def ann_search(collection: Collection, search: Search, expressions: Sequence[str]) -> Hits:
    """Return the page out of the candidates that the graph finds, which are the same ones for every page."""
    query, limit = _query(collection, search, expressions), min(search.candidates, MAX_HITS)
    depth = max(limit, _depth_without_graph(query) if search.filter else 0)
    candidates = replace(query, parameters={"ef": depth}).nearest(depth)[:limit]
    ranking = rank_candidates(candidates, search, query.metric)
    return Hits(_hits(collection, ranking), ranking.total, "gte")


@dataclass(frozen=True)
class MilvusQuery:
    """A query of ``vector`` (dim,) to one collection: the source of candidates that match all ``expressions``.

    ``page_size`` is how many of them become hits, ``parameters`` are Milvus' search parameters.
    """

    collection: Collection
    vector: NDArray[np.float32]
    expressions: Sequence[str]
    page_size: int
    parameters: Mapping[str, float] = field(default_factory=dict)

    @property
    def metric(self) -> Metric:
        """The metric of the collection."""
        return self.collection.schema.metric

    @property
    def count_growth(self) -> int:
        """How many times more to ask for when counting: with a server, all that it gives."""
        return 4 if self.collection.lite else MAX_HITS

    def nearest(self, limit: int) -> list[Candidate]:
        """Return the nearest ``limit``, best first."""
        return self._ask(self.expressions, limit)

    def nearest_between(self, first: int, last: int) -> list[Candidate]:
        """Return the nearest MAX_HITS of those whose id, as a number, is from ``first`` to ``last``."""
        return self._ask([*self.expressions, ids_between(first, last)], MAX_HITS)

    def count(self) -> int:
        """Return how many records match the expressions."""
        return self.collection.count(every(self.expressions))

    def _ask(self, expressions: Sequence[str], limit: int) -> list[Candidate]:
        with_records = limit - self.page_size <= _MAX_UNUSED_RECORDS
        fields = TEXTS if with_records else []
        rows = self.collection.search(self.vector, every(expressions), limit, self.parameters, fields)
        return [
            to_candidate(row["distance"], row["id"], self.metric, as_record(row["entity"]) if with_records else None)
            for row in rows
        ]


def query_vector(vector: Vector, metric: Metric) -> NDArray[np.float32]:
    """Return ``vector`` (dim,) as a query has it: at length 1 under cosine, so that no length troubles the engine."""
    return (unit_vector(vector) if metric == "cosine" else vector).astype(np.float32)


def _query(collection: Collection, search: Search, expressions: Sequence[str]) -> MilvusQuery:
    return MilvusQuery(collection, query_vector(search.vector, collection.schema.metric), expressions, search.limit)


def _depth_without_graph(query: MilvusQuery) -> int:
    """Return how many to ask for so that Milvus compares all that a filter leaves; 0 where the filter leaves too many.

    A narrow filter cuts the paths through the graph, and whole clusters would be missed. Milvus leaves the graph aside
    where half of the records that are left are asked for.
    """
    left = query.count()
    return left // 2 + 1 if left <= MAX_HITS else 0


def _hits(collection: Collection, ranking: Ranking) -> list[Hit]:
    """Return the page of ``ranking`` as hits, without records that were deleted meanwhile."""
    records = {one.id: one.record for one in ranking.page if one.record is not None}
    missing = [one.id for one in ranking.page if one.id not in records]
    records |= {record.id: record for record in collection.fetch(missing)}
    metric = collection.schema.metric
    return [
        as_hit(records[one.id], value_of(one.sort_key, metric), metric) for one in ranking.page if one.id in records
    ]
