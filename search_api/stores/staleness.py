"""Whether an opened collection's name still leads to it: asked of the server now and then, not before every search."""

import time
from collections.abc import Callable

from search_api.stores.base import StoreTimeout, StoreUnavailable

_LOOK_SECONDS = 1.0  # how old the knowledge may be


class Staleness:
    """Once ``look`` has said so, a collection stays replaced. Used by any number of threads."""

    def __init__(self, look: Callable[[], bool]) -> None:
        self._look = look
        self._looked = time.monotonic()
        self._replaced = False

    def is_stale(self) -> bool:
        """Whether the collection was dropped or replaced, as far as is known."""
        if not self._replaced and time.monotonic() - self._looked > _LOOK_SECONDS:
            self._looked = time.monotonic()  # others that ask meanwhile are not to wait
            try:
                self._replaced = self._look()
            except (StoreUnavailable, StoreTimeout):  # whoever uses the store next says so
                return False
            finally:
                self._looked = time.monotonic()  # a server that hangs is not asked again at once
        return self._replaced
