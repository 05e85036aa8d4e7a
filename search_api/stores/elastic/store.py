"""The Elasticsearch store: a collection in an index that create() made."""

from collections.abc import Iterator, Sequence

from search_api.stores.base import BadRecord, Filter, Hits, Record, Search, image_id
from search_api.stores.checks import check_query, check_records, possible_ids
from search_api.stores.elastic.base_store import BaseElasticStore
from search_api.stores.elastic.bulk import Bulk, BulkResult
from search_api.stores.elastic.documents import as_hits, check_documents, delete_action, upsert_action
from search_api.stores.elastic.index import Index
from search_api.stores.elastic.query_dsl import ID, SHA256, ann_query, any_of, browse_query, exact_query, filter_clauses
from search_api.stores.refresh import RefreshTracker


class ElasticStore(BaseElasticStore):
    """Reads see the handle's own writes at once; searches and other handles see them once they are published.

    A batch is not atomic: after an upsert that failed in the middle a part of it may be there. Repeat it.
    """

    def __init__(self, index: Index, bulk: Bulk) -> None:
        super().__init__(index, index.mapping.fingerprint or "")
        self._bulk = bulk
        self._refresh = RefreshTracker(index.refresh)

    def upsert(self, records: Sequence[Record]) -> None:
        vectors = check_records(records, self.dim)
        check_documents(records, vectors)
        last = list({record.id: index for index, record in enumerate(records)}.values())  # of each id
        result = self._send([upsert_action(records[index], vectors[index]) for index in last])
        for index, reason in result.failed.items():
            raise BadRecord(f"{records[last[index]].file_path}: Elasticsearch does not accept it ({reason}).")

    def publish(self) -> None:
        self._refresh.refresh()

    def search(self, search: Search) -> Hits:
        check_query(search.vector, self.dim)
        if search.mode == "ann":
            return as_hits(self._index.search(ann_query(search, self.metric)), self.metric, "gte")
        return as_hits(self._index.search(exact_query(search, self.metric)), self.metric, "eq")

    def get(self, ids: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        return self._index.fetch(possible_ids(ids), with_vectors=with_vectors)

    def by_path(self, paths: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        return self._index.fetch([image_id(path) for path in dict.fromkeys(paths)], with_vectors=with_vectors)

    def by_sha256(self, digests: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        self._refresh.refresh_if_dirty()
        return list(self._index.scan(any_of(SHA256, list(digests)), with_vectors=with_vectors)) if digests else []

    def delete(self, *, ids: Sequence[str] = (), filter: Filter | None = None) -> int:
        if filter is not None:
            return self._index.delete_matching({"bool": {"filter": filter_clauses(filter)}})
        return self._send([delete_action(id_) for id_ in possible_ids(ids)]).effective

    def clear(self) -> int:
        return self._index.delete_matching({"match_all": {}})

    def count(self, filter: Filter | None = None) -> int:
        self._refresh.refresh_if_dirty()
        return super().count(filter)

    def browse(
        self, *, filter: Filter | None = None, after: str = "", offset: int = 0, limit: int = 10
    ) -> list[Record]:
        self._refresh.refresh_if_dirty()
        return self._index.browse(browse_query(filter or {}, ID, after, offset, limit))

    def scan(self, *, with_vectors: bool = True) -> Iterator[Record]:
        self._refresh.refresh_if_dirty()
        return super().scan(with_vectors=with_vectors)

    def _send(self, actions: Sequence[bytes]) -> BulkResult:
        try:
            return self._bulk.send(actions)
        finally:
            if actions:
                self._refresh.mark_dirty()
