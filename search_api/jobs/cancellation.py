"""Cancelling a job: a request that its work checks for."""

import threading
from collections.abc import Callable


class Cancelled(Exception):
    """The job was cancelled."""


class Cancellation:
    """The cancellation of one job: requested by any thread, checked by those that do the work."""

    def __init__(self) -> None:
        self._requested = threading.Event()
        self._abort: list[Callable[[], object]] = []
        self._lock = threading.Lock()

    @property
    def requested(self) -> bool:
        """Whether the job is to end."""
        return self._requested.is_set()

    def request(self) -> None:
        """Request that the job end soon."""
        with self._lock:
            self._requested.set()
            callbacks, self._abort = self._abort, []
        for abort in callbacks:
            abort()

    def check(self) -> None:
        """Raise Cancelled once the job is to end."""
        if self.requested:
            raise Cancelled

    def on_request(self, abort: Callable[[], object]) -> None:
        """Register ``abort`` to be called when the job is to end, or call it now if that is so already."""
        with self._lock:
            if not self.requested:
                self._abort.append(abort)
                return
        abort()
