"""The Milvus store: a collection that create() made, in a server or in a file of milvus-lite.

Exact searches need the index FLAT, which compares the query with every vector. Totals are exact however many records
pass, although Milvus returns 16,384 at most: :mod:`search_api.stores.milvus.ranking` says how. The index HNSW allows no
exact search, so ``mode=exact`` is refused there. ``mode=ann`` with FLAT is answered exactly.

Searches and reads never wait for writes: they ask for the consistency ``Bounded``, which answers at once with what has
arrived. (``Eventually`` would, too, but returns nothing while a server that was just started is still reading its log.)
``publish`` waits instead, with one read at ``Strong``: what that read could see, every later one sees, of any client.
While a record is being replaced, Milvus 2.3 may show the old version beside the new one: hits are distinct, but a total
without a threshold may count it twice for a moment.
"""

import re
from collections.abc import Iterator, Sequence

from search_api.stores.base import BadQuery, Filter, Hits, Record, Search, Store, image_id
from search_api.stores.checks import check_query, check_records, possible_ids
from search_api.stores.milvus.collection import Collection
from search_api.stores.milvus.expressions import EVERYTHING, ID, SHA256, any_of, every, matching, none_of
from search_api.stores.milvus.rows import as_row, check_rows
from search_api.stores.milvus.searching import ann_search, exact_search
from search_api.stores.refresh import RefreshTracker
from search_api.stores.staleness import Staleness

_SHA256 = re.compile("[0-9a-f]{64}")
_MAX_VALUES = 1_000  # in one expression


class MilvusStore(Store):
    """Reads see the handle's own writes at once; searches and other handles see them once they are published.

    A batch is not atomic: after an upsert that failed in the middle a part of it may be there. Repeat it.
    """

    def __init__(self, collection: Collection) -> None:
        self.fingerprint = collection.schema.fingerprint
        self.metric = collection.schema.metric
        self.dim = collection.schema.dim
        if collection.schema.index != "flat":
            self.modes = ("ann",)
        self._collection = collection
        self._refresh = RefreshTracker(collection.refresh)
        self._staleness = Staleness(collection.is_replaced)

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
        if excluded := possible_ids(search.exclude):
            expressions.append(none_of(ID, excluded))
        if self._collection.schema.index == "flat":
            return exact_search(self._collection, search, expressions)
        if search.mode == "ann":
            return ann_search(self._collection, search, expressions)
        raise BadQuery(
            f"mode exact is not possible in {self._collection.display_name}: its vectors are in an HNSW graph."
            " Use mode=ann, or a collection with ?index=flat."
        )

    def get(self, ids: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        self._refresh.refresh_if_dirty()
        return self._collection.fetch(possible_ids(ids), with_vectors=with_vectors)

    def by_path(self, paths: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        return self.get([image_id(path) for path in paths], with_vectors=with_vectors)

    def by_sha256(self, digests: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        self._refresh.refresh_if_dirty()
        wanted = [digest for digest in dict.fromkeys(digests) if _SHA256.fullmatch(digest)]
        found: list[Record] = []
        for start in range(0, len(wanted), _MAX_VALUES):
            expression = any_of(SHA256, wanted[start : start + _MAX_VALUES])
            found += self._collection.scan(expression, with_vectors=with_vectors)
        return found

    def delete(self, *, ids: Sequence[str] = (), filter: Filter | None = None) -> int:
        if filter is not None:
            return self._delete(every(self._matching(filter)) or EVERYTHING)
        possible = possible_ids(ids)
        batches = [possible[start : start + _MAX_VALUES] for start in range(0, len(possible), _MAX_VALUES)]
        return sum(self._delete(any_of(ID, batch)) for batch in batches)

    def clear(self) -> int:
        return self._delete(EVERYTHING)

    def count(self, filter: Filter | None = None) -> int:
        self._refresh.refresh_if_dirty()
        return self._collection.count(every(self._matching(filter or {})))

    def browse(
        self, *, filter: Filter | None = None, after: str = "", offset: int = 0, limit: int = 10
    ) -> list[Record]:
        self._refresh.refresh_if_dirty()
        return self._collection.browse(every(self._matching(filter or {})), after, offset, limit)

    def scan(self, *, with_vectors: bool = True) -> Iterator[Record]:
        self._refresh.refresh_if_dirty()
        return self._collection.scan(EVERYTHING, with_vectors=with_vectors)

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
        """Delete what matches and return how many; Milvus would count absent ids, too, so the ids are read first."""
        ids = self._collection.ids(expression)
        try:
            self._collection.delete(ids)
        finally:
            if ids:
                self._refresh.mark_dirty()
        return len(ids)
