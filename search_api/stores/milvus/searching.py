"""One search in one collection: the question as Milvus understands it, and its answers as hits."""

from collections.abc import Sequence

from search_api.stores.base import Hit, Hits, Record, Search
from search_api.stores.milvus.collection import Collection
from search_api.stores.milvus.expressions import every, ids_between
from search_api.stores.milvus.ranking import (
    MAX_HITS,
    Found,
    Ranking,
    radius_of,
    rank,
    sort_key_of,
    threshold_of,
    to_hit,
    within,
)
from search_api.stores.milvus.rows import TEXTS, as_hit, as_query, as_record

_MAX_UNASKED = 1_000  # rows that are rather read along with a page than the page in a second request


class MilvusQuery:
    """``search`` put to ``collection``; ``expressions`` are what a record must match."""

    def __init__(self, collection: Collection, search: Search, expressions: Sequence[str]) -> None:
        self._collection = collection
        self._search = search
        self._expressions = list(expressions)
        self._metric = collection.layout.metric
        self._query = as_query(search.vector, self._metric)
        self._bound: dict[str, float] = {}
        # milvus-lite makes rows of everything first and cuts them off then, so there a bound costs more than it saves
        threshold = threshold_of(search, self._metric)
        if threshold is not None and not collection.lite:
            self._bound["radius"] = radius_of(threshold, self._metric)
        self.growth = 4 if collection.lite else MAX_HITS
        self._records: dict[str, Record] = {}

    def exact(self) -> Hits:
        """The page and the total as brute force has them."""
        ranking = rank(self._search, self._metric, self)
        return Hits(self._hits(ranking), ranking.total, "eq")

    def near(self) -> Hits:
        """The page out of the candidates that the graph finds; the same ones for every page."""
        candidates = min(self._search.candidates, MAX_HITS)
        depth = max(candidates, self._depth_without_graph())
        found = self._ask(self._expressions, depth, {"ef": depth})[:candidates]
        ranking = within(found, self._search, self._metric)
        return Hits(self._hits(ranking), ranking.total, "gte")

    def _depth_without_graph(self) -> int:
        """How deep to ask for Milvus to compare all that a filter leaves: it does where half of them are wanted.

        Through those few the ways of the graph are cut, and whole clusters would not be found. 0 for too many.
        """
        left = self.count() if self._search.filter else MAX_HITS + 1
        return left // 2 + 1 if left <= MAX_HITS else 0

    def best(self, limit: int) -> Sequence[Found]:
        return self._ask(self._expressions, limit, self._bound)

    def best_between(self, first: int, last: int) -> Sequence[Found]:
        return self._ask([*self._expressions, ids_between(first, last)], MAX_HITS, self._bound)

    def count(self) -> int:
        return self._collection.count(every(self._expressions))

    def _ask(self, expressions: Sequence[str], limit: int, parameters: dict[str, float]) -> list[Found]:
        along = limit - self._search.limit <= _MAX_UNASKED
        rows = self._collection.search(self._query, every(expressions), limit, parameters, TEXTS if along else [])
        if along:
            self._records |= {row["id"]: as_record(row["entity"]) for row in rows}
        return [to_hit(row["distance"], row["id"], self._metric) for row in rows]

    def _hits(self, ranking: Ranking) -> list[Hit]:
        wanted = [id_ for _, id_ in ranking.hits if id_ not in self._records]
        self._records |= {record.id: record for record in self._collection.fetch(wanted)}
        return [
            as_hit(self._records[id_], sort_key_of(sort_key, self._metric), self._metric)
            for sort_key, id_ in ranking.hits
            if id_ in self._records
        ]
