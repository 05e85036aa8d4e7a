"""Writes that a server has taken and does not show to every reader yet."""

import threading
from collections.abc import Callable


class RefreshTracker:
    """Knows whether there are such writes; ``show`` asks the server to make all of them visible and waits for it.

    Used by any number of threads.
    """

    def __init__(self, show: Callable[[], object]) -> None:
        self._show = show
        self._under_way = threading.Lock()
        self._dirty = False

    def mark_dirty(self) -> None:
        """Something was written, or may have been."""
        self._dirty = True

    def refresh(self) -> None:
        """Make all writes until now visible to every reader; raises what the server's refusal raises."""
        with self._under_way:
            self._dirty = False  # what is written from here on may come too late
            try:
                self._show()
            except BaseException:
                self._dirty = True
                raise

    def refresh_if_dirty(self) -> None:
        """Publish before our own reading, where something waits for it."""
        with self._under_way:  # wait for a publishing that is under way
            dirty = self._dirty
        if dirty:
            self.refresh()
