"""A store that is opened when it is first needed, and again after its collection was replaced."""

import threading
import time

from search_api.stores import open_store
from search_api.stores.base import Store, StoreMissing, StoreTimeout, StoreUnavailable

_REMEMBERED_SECONDS = 1.0


class LazyStore:
    """Opens a collection on demand, so that the service may start before it exists and outlive its replacement.

    While an engine hangs, all threads that wait for it fail together and not one after the other.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._store: Store | None = None
        self._replaced: Store | None = None
        self._failure: StoreUnavailable | StoreTimeout | None = None
        self._failed = 0.0
        self._lock = threading.Lock()

    def get(self) -> Store:
        """Return the opened store; raises StoreMissing, StoreUnavailable or StoreTimeout."""
        store = self._store
        if store is not None and not store.stale:
            return store
        with self._lock:
            if self._store is store:
                self._retire()
            if self._store is None:
                self._store = self._open()
            return self._store

    def _retire(self) -> None:
        """Put the store aside: searches under way still use it, so it is closed when the next one is put aside."""
        if self._replaced is not None:
            self._replaced.close()
        self._replaced, self._store = self._store, None

    def _open(self) -> Store:
        if self._failure is not None and time.monotonic() - self._failed < _REMEMBERED_SECONDS:
            raise self._failure.with_traceback(None)
        try:
            return open_store(self._url)
        except StoreMissing:
            raise
        except (StoreUnavailable, StoreTimeout) as error:
            self._failure, self._failed = error, time.monotonic()
            raise
