"""A store that is opened when it is first needed, and again after it was replaced."""

import threading

from search_api.stores import open_store
from search_api.stores.base import Store


class LazyStore:
    """Lets the service start before the collection exists and outlive its replacement."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._store: Store | None = None
        self._lock = threading.Lock()

    def get(self) -> Store:
        """The opened store; raises StoreMissing while there is none."""
        with self._lock:
            if self._store is not None and self._store.stale:
                self._store.close()
                self._store = None
            if self._store is None:
                self._store = open_store(self._url)
            return self._store
