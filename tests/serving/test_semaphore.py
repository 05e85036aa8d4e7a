"""The semaphore that bounds the memory of many requests at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from serving.semaphore import WeightedSemaphore


class Meter:
    """Counts what is held at the moment, and the most that ever was."""

    def __init__(self, semaphore: WeightedSemaphore) -> None:
        self._semaphore = semaphore
        self._lock = threading.Lock()
        self.now = self.most = 0

    def hold(self, units: int) -> None:
        with self._semaphore.acquire(units):
            with self._lock:
                self.now += units
                self.most = max(self.most, self.now)
            threading.Event().wait(0.002)
            with self._lock:
                self.now -= units


def test_never_more_is_held_than_there_is() -> None:
    meter = Meter(WeightedSemaphore(10))
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(meter.hold, [1, 4, 9, 10, 3, 3, 7] * 10))
    assert 4 < meter.most <= 10
    assert meter.now == 0


def test_a_caller_that_wants_more_than_all_units_gets_all_and_is_alone() -> None:
    semaphore = WeightedSemaphore(10)
    entered = threading.Event()

    def small() -> None:
        with semaphore.acquire(1):
            entered.set()

    with ThreadPoolExecutor(1) as pool:
        with semaphore.acquire(1_000):
            other = pool.submit(small)
            assert not entered.wait(0.1)
        other.result(30)
    assert entered.is_set()


def test_a_caller_that_wants_many_units_is_not_overtaken_by_those_that_want_few() -> None:
    semaphore = WeightedSemaphore(10)
    order: list[str] = []

    def hold(name: str, units: int) -> None:
        with semaphore.acquire(units):
            order.append(name)

    with ThreadPoolExecutor(2) as pool, semaphore.acquire(5):
        pool.submit(hold, "large", 10)
        threading.Event().wait(0.2)  # so that the large one is the first in line
        pool.submit(hold, "small", 5)
        threading.Event().wait(0.2)
        assert order == []
    assert order == ["large", "small"]


def test_an_error_inside_gives_the_units_back() -> None:
    semaphore = WeightedSemaphore(10)
    for _ in range(3):
        with pytest.raises(ValueError, match="inside"), semaphore.acquire(10):
            raise ValueError("inside")
    with semaphore.acquire(10):
        pass
