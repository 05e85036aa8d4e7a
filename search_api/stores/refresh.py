"""Tracks writes that a server has accepted and that its readers do not see yet."""

import threading
from collections.abc import Callable


class RefreshTracker:
    """Knows whether a refresh is due; ``refresh_server`` makes all writes visible and waits for that.

    Any number of threads may use it.
    """

    def __init__(self, refresh_server: Callable[[], object]) -> None:
        self._refresh_server = refresh_server
        self._refreshing = threading.Lock()
        self._dirty = False

    def mark_dirty(self) -> None:
        """Note that something was written, or may have been."""
        self._dirty = True

    def refresh(self) -> None:
        """Make all writes until now visible to every reader; raises what ``refresh_server`` raises."""
        with self._refreshing:
            self._dirty = False  # what is written from here on may miss this refresh
            try:
                self._refresh_server()
            except BaseException:
                self._dirty = True
                raise

    def refresh_if_dirty(self) -> None:
        """Refresh before a read of our own, if a write is waiting for it."""
        with self._refreshing:  # wait for a refresh that is under way
            dirty = self._dirty
        if dirty:
            self.refresh()
