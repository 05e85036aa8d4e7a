"""Checks now and then, not before every search, whether an opened collection is still behind its name."""

import time
from collections.abc import Callable

from search_api.stores.base import StoreTimeout, StoreUnavailable

_CHECK_SECONDS = 1.0  # how old the answer may be


class Staleness:
    """Asks ``is_replaced`` at most once a second, until it says yes. Any number of threads may use it."""

    def __init__(self, is_replaced: Callable[[], bool]) -> None:
        self._is_replaced = is_replaced
        self._checked = time.monotonic()
        self._replaced = False

    def is_stale(self) -> bool:
        """Return whether the collection was dropped or replaced, as far as is known."""
        if not self._replaced and time.monotonic() - self._checked > _CHECK_SECONDS:
            self._checked = time.monotonic()  # so that other threads do not wait meanwhile
            try:
                self._replaced = self._is_replaced()
            except (StoreUnavailable, StoreTimeout):  # the next call of the store says so
                return False
            finally:
                self._checked = time.monotonic()  # so that a server that hangs is not asked again at once
        return self._replaced
