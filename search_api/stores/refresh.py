"""Writes that a server has taken and does not show to every reader yet."""

import threading
from collections.abc import Callable


class Publishing:
    """Knows whether there are such writes; ``show`` asks the server to make all of them visible and waits for it.

    Used by any number of threads.
    """

    def __init__(self, show: Callable[[], object]) -> None:
        self._show = show
        self._under_way = threading.Lock()
        self._due = False

    def note(self) -> None:
        """Something was written, or may have been."""
        self._due = True

    def publish(self) -> None:
        """Make all writes until now visible to every reader; raises what the server's refusal raises."""
        with self._under_way:
            self._due = False  # what is written from here on may come too late
            try:
                self._show()
            except BaseException:
                self._due = True
                raise

    def settle(self) -> None:
        """Publish before our own reading, where something waits for it."""
        with self._under_way:  # wait for a publishing that is under way
            due = self._due
        if due:
            self.publish()
