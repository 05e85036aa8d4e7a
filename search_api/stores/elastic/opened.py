"""What an opened index has, whichever kind of collection it is."""

import time
from collections.abc import Iterator

from search_api.stores.base import Filter, Record, Store, StoreTimeout, StoreUnavailable
from search_api.stores.elastic.index import Index

_LOOK_SECONDS = 1.0  # how old the knowledge may be that the name still leads here


class OpenedIndex(Store):
    """Reads the whole of ``index`` and looks after it; searching and writing differ."""

    def __init__(self, index: Index, fingerprint: str) -> None:
        self.fingerprint = fingerprint
        self.metric = index.layout.metric
        self.dim = index.layout.dim
        self._index = index
        self._looked = time.monotonic()
        self._replaced = False

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
        if not self._replaced and time.monotonic() - self._looked > _LOOK_SECONDS:
            self._looked = time.monotonic()  # others that ask meanwhile are not to wait
            try:
                self._replaced = self._index.replaced()
            except (StoreUnavailable, StoreTimeout):  # whoever uses the store next says so
                return False
            finally:
                self._looked = time.monotonic()  # a server that hangs is not asked again at once
        return self._replaced
