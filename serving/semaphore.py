"""A shared allowance, so that the memory of many requests at once stays bounded."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class WeightedSemaphore:
    """``capacity`` units that callers take and give back; who asks for more than all of it gets all of it."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._free = capacity
        self._returned = threading.Condition()
        self._turn = threading.Lock()  # who waits for much is not overtaken for ever by those who want little

    @contextmanager
    def acquire(self, units: int) -> Iterator[None]:
        """Wait until ``units`` are free and hold them."""
        units = min(units, self._capacity)
        with self._turn, self._returned:
            self._returned.wait_for(lambda: self._free >= units)
            self._free -= units
        try:
            yield
        finally:
            with self._returned:
                self._free += units
                self._returned.notify_all()
