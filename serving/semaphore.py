"""A semaphore with weights, so that the memory of many requests at once stays bounded."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class WeightedSemaphore:
    """A semaphore of ``capacity`` units, of which a caller takes several; more than all of them counts as all."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._free = capacity
        self._returned = threading.Condition()
        self._turn = threading.Lock()  # callers that want few units cannot starve one that wants many

    @contextmanager
    def acquire(self, units: int) -> Iterator[None]:
        """Wait until ``units`` are free and hold them for the length of the block."""
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
