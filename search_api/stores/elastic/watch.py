"""Notices that a collection was dropped or replaced, without asking the server at every turn."""

import time

from search_api.stores.base import StoreTimeout, StoreUnavailable
from search_api.stores.elastic.index import Index

_LOOK_SECONDS = 1.0  # how old the knowledge may be that the name still leads here


class Watch:
    """Looks whether the name of ``index`` still leads to it."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._looked = time.monotonic()
        self._replaced = False

    def replaced(self) -> bool:
        """Whether it leads elsewhere; False where nobody can say, as whoever uses the store next does."""
        if not self._replaced and time.monotonic() - self._looked > _LOOK_SECONDS:
            self._looked = time.monotonic()
            try:
                self._replaced = self._index.replaced()
            except (StoreUnavailable, StoreTimeout):
                return False
            finally:
                self._looked = time.monotonic()  # a server that hangs is not asked again by all who waited meanwhile
        return self._replaced
