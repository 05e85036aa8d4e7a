"""The Elasticsearch store: an index that create() made."""

import re
from collections.abc import Iterator, Sequence

from search_api.stores.base import (
    BadRecord,
    Filter,
    Hits,
    Record,
    Search,
    image_id,
)
from search_api.stores.checks import check_query, check_records
from search_api.stores.elastic.base_store import BaseElasticStore
from search_api.stores.elastic.bulk import Bulk, Outcome
from search_api.stores.elastic.documents import as_hits, check_documents, delete_line, upsert_line
from search_api.stores.elastic.index import Index
from search_api.stores.elastic.query_dsl import ID, SHA256, ann_body, any_of, browsing_body, exact_body, filter_clauses
from search_api.stores.refresh import RefreshTracker

_ID = re.compile("[0-9a-f]{32}")


class ElasticStore(BaseElasticStore):
    """Its own reading sees its own writes at once; others see them when they are published.

    A batch is not written as a whole: where an upsert fails in the middle, a part of it may be there, and repeating it
    puts that right.
    """

    def __init__(self, index: Index, bulk: Bulk) -> None:
        super().__init__(index, index.layout.fingerprint or "")
        self._bulk = bulk
        self._refresh = RefreshTracker(index.refresh)

    def upsert(self, records: Sequence[Record]) -> None:
        vectors = check_records(records, self.dim)
        check_documents(records, vectors)
        places = list({record.id: place for place, record in enumerate(records)}.values())  # the last of each id
        outcome = self._send([upsert_line(records[place], vectors[place]) for place in places])
        for place, reason in outcome.refused.items():
            raise BadRecord(f"{records[places[place]].file_path}: Elasticsearch does not take it ({reason}).")

    def publish(self) -> None:
        self._refresh.refresh()

    def search(self, search: Search) -> Hits:
        check_query(search.vector, self.dim)
        if search.mode == "ann":
            return as_hits(self._index.search(ann_body(search, self.metric)), self.metric, "gte")
        return as_hits(self._index.search(exact_body(search, self.metric)), self.metric, "eq")

    def get(self, ids: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        return self._index.fetch(_possible(ids), with_vectors=with_vectors)

    def by_path(self, paths: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        return self._index.fetch([image_id(path) for path in dict.fromkeys(paths)], with_vectors=with_vectors)

    def by_sha256(self, digests: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        self._refresh.refresh_if_dirty()
        return list(self._index.read(any_of(SHA256, list(digests)), with_vectors=with_vectors)) if digests else []

    def delete(self, *, ids: Sequence[str] = (), filter: Filter | None = None) -> int:
        if filter is not None:
            return self._index.delete_matching({"bool": {"filter": filter_clauses(filter)}})
        return self._send([delete_line(id_) for id_ in _possible(ids)]).effective

    def clear(self) -> int:
        return self._index.delete_matching({"match_all": {}})

    def count(self, filter: Filter | None = None) -> int:
        self._refresh.refresh_if_dirty()
        return super().count(filter)

    def browse(
        self, *, filter: Filter | None = None, after: str = "", offset: int = 0, limit: int = 10
    ) -> list[Record]:
        self._refresh.refresh_if_dirty()
        return self._index.browse(browsing_body(filter or {}, ID, after, offset, limit))

    def scan(self, *, with_vectors: bool = True) -> Iterator[Record]:
        self._refresh.refresh_if_dirty()
        return super().scan(with_vectors=with_vectors)

    def _send(self, lines: Sequence[bytes]) -> Outcome:
        try:
            return self._bulk.send(lines)
        finally:
            if lines:
                self._refresh.mark_dirty()


def _possible(ids: Sequence[str]) -> list[str]:
    return [id_ for id_ in dict.fromkeys(ids) if _ID.fullmatch(id_)]
