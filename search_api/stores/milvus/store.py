"""The Milvus store: a collection that create() made, in a server or in a file of milvus-lite.

Exact searches need the index FLAT, which compares the query with every vector. Totals are exact however many records
pass, although Milvus gives 16,384 at most: :mod:`search_api.stores.milvus.ranking` says how. With the index HNSW there
is no exact search in Milvus, so ``mode=exact`` is refused there. ``mode=ann`` with FLAT is answered exactly.

Searches and readings never wait for writes: they ask for the consistency ``Bounded``, which answers at once with what
has arrived. (``Eventually`` would, too, but finds nothing while a server that was started anew is still reading its
log.) ``publish`` waits instead, with one reading at ``Strong``; what that one would have seen is there for all later
ones, of every client. While a record is being replaced, Milvus 2.3 may show the old version beside the new one: hits
are distinct, but a total without a threshold may count it twice for a moment.
"""

import re
from collections.abc import Iterator, Sequence

from search_api.stores.base import (
    BadQuery,
    Filter,
    Hits,
    Record,
    Search,
    Store,
    image_id,
)
from search_api.stores.checks import check_query, check_records
from search_api.stores.milvus.collection import Collection
from search_api.stores.milvus.expressions import EVERYTHING, ID, SHA256, any_of, every, matching, none_of
from search_api.stores.milvus.rows import as_row, check_rows
from search_api.stores.milvus.searching import MilvusQuery
from search_api.stores.refresh import RefreshTracker
from search_api.stores.staleness import Staleness

_ID = re.compile("[0-9a-f]{32}")
_SHA256 = re.compile("[0-9a-f]{64}")
_VALUES_AT_ONCE = 1_000


class MilvusStore(Store):
    """Its own reading sees its own writes at once; others see them when they are published.

    A batch is not written as a whole: where an upsert fails in the middle, a part of it may be there, and repeating it
    puts that right.
    """

    def __init__(self, collection: Collection) -> None:
        self.fingerprint = collection.layout.fingerprint
        self.metric = collection.layout.metric
        self.dim = collection.layout.dim
        if collection.layout.index != "flat":
            self.modes = ("ann",)
        self._collection = collection
        self._refresh = RefreshTracker(collection.settle)
        self._staleness = Staleness(collection.replaced)

    def upsert(self, records: Sequence[Record]) -> None:
        vectors = check_records(records, self.dim)
        check_rows(records, vectors)
        rows = {record.id: as_row(record, vector) for record, vector in zip(records, vectors, strict=True)}
        try:
            self._collection.write(list(rows.values()))  # the last of each id
        finally:
            if rows:
                self._refresh.mark_dirty()

    def publish(self) -> None:
        self._refresh.refresh()

    def search(self, search: Search) -> Hits:
        check_query(search.vector, self.dim)
        expressions = self._matching(search.filter)
        if excluded := _possible(search.exclude):
            expressions.append(none_of(ID, excluded))
        question = MilvusQuery(self._collection, search, expressions)
        if self._collection.layout.index == "flat":
            return question.exact()
        if search.mode == "ann":
            return question.near()
        raise BadQuery(
            f"mode exact is not possible in {self._collection.display_name}: its vectors are in an HNSW graph."
            " Use mode=ann, or a collection with ?index=flat."
        )

    def get(self, ids: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        self._refresh.refresh_if_dirty()
        return self._collection.fetch(_possible(ids), with_vectors=with_vectors)

    def by_path(self, paths: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        return self.get([image_id(path) for path in paths], with_vectors=with_vectors)

    def by_sha256(self, digests: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        self._refresh.refresh_if_dirty()
        wanted = [digest for digest in dict.fromkeys(digests) if _SHA256.fullmatch(digest)]
        found: list[Record] = []
        for start in range(0, len(wanted), _VALUES_AT_ONCE):
            expression = any_of(SHA256, wanted[start : start + _VALUES_AT_ONCE])
            found += self._collection.read(expression, with_vectors=with_vectors)
        return found

    def delete(self, *, ids: Sequence[str] = (), filter: Filter | None = None) -> int:
        if filter is not None:
            return self._delete(every(self._matching(filter)) or EVERYTHING)
        possible = _possible(ids)
        parts = [possible[start : start + _VALUES_AT_ONCE] for start in range(0, len(possible), _VALUES_AT_ONCE)]
        return sum(self._delete(any_of(ID, part)) for part in parts)

    def clear(self) -> int:
        return self._delete(EVERYTHING)

    def count(self, filter: Filter | None = None) -> int:
        self._refresh.refresh_if_dirty()
        return self._collection.count(every(self._matching(filter or {})))

    def browse(
        self, *, filter: Filter | None = None, after: str = "", offset: int = 0, limit: int = 10
    ) -> list[Record]:
        self._refresh.refresh_if_dirty()
        return self._collection.page(every(self._matching(filter or {})), after, offset, limit)

    def scan(self, *, with_vectors: bool = True) -> Iterator[Record]:
        self._refresh.refresh_if_dirty()
        return self._collection.read(EVERYTHING, with_vectors=with_vectors)

    def ping(self) -> None:
        self._collection.ping()

    def close(self) -> None:
        self._collection.close()

    def details(self) -> dict[str, str | int]:
        return self._collection.details()

    @property
    def stale(self) -> bool:
        return self._staleness.is_stale()

    def _matching(self, filter: Filter) -> list[str]:
        return matching(filter, lite=self._collection.lite)

    def _delete(self, expression: str) -> int:
        """Milvus counts ids that are not there, too, so they are looked up first."""
        ids = self._collection.ids(expression)
        try:
            self._collection.delete(ids)
        finally:
            if ids:
                self._refresh.mark_dirty()
        return len(ids)


def _possible(ids: Sequence[str]) -> list[str]:
    return [id_ for id_ in dict.fromkeys(ids) if _ID.fullmatch(id_)]
