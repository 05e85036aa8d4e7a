"""What the stores of both kinds of index have in common."""

from collections.abc import Iterator

from search_api.stores.base import Filter, Record, Store
from search_api.stores.elastic.index import Index
from search_api.stores.staleness import Staleness


class BaseElasticStore(Store):
    """An opened ``index``: counted, scanned, watched and closed here; searched and written in the subclasses."""

    def __init__(self, index: Index, fingerprint: str) -> None:
        self.fingerprint = fingerprint
        self.metric = index.mapping.metric
        self.dim = index.mapping.dim
        self._index = index
        self._staleness = Staleness(index.is_replaced)

    def count(self, filter: Filter | None = None) -> int:
        return self._index.count(filter or {})

    def scan(self, *, with_vectors: bool = True) -> Iterator[Record]:
        return self._index.scan({"match_all": {}}, with_vectors=with_vectors)

    def ping(self) -> None:
        self._index.ping()

    def close(self) -> None:
        self._index.close()

    def details(self) -> dict[str, str | int]:
        return self._index.details()

    @property
    def stale(self) -> bool:
        return self._staleness.is_stale()
