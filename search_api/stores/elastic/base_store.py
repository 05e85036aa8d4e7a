"""What an opened index has, whichever kind of collection it is."""

from collections.abc import Iterator

from search_api.stores.base import Filter, Record, Store
from search_api.stores.elastic.index import Index
from search_api.stores.staleness import Staleness


class BaseElasticStore(Store):
    """Reads the whole of ``index`` and looks after it; searching and writing differ."""

    def __init__(self, index: Index, fingerprint: str) -> None:
        self.fingerprint = fingerprint
        self.metric = index.layout.metric
        self.dim = index.layout.dim
        self._index = index
        self._staleness = Staleness(index.replaced)

    def count(self, filter: Filter | None = None) -> int:
        return self._index.count(filter or {})

    def scan(self, *, with_vectors: bool = True) -> Iterator[Record]:
        return self._index.read({"match_all": {}}, with_vectors=with_vectors)

    def ping(self) -> None:
        self._index.ping()

    def close(self) -> None:
        self._index.close()

    def details(self) -> dict[str, str | int]:
        return self._index.details()

    @property
    def stale(self) -> bool:
        return self._staleness.is_stale()
