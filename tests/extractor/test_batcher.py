"""Pictures of concurrent requests share a forward pass, and nobody waits for a batch to fill."""

import threading
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import pytest

from extractor.batcher import Batcher, Busy, Closed
from extractor.engines.base import Vectors
from imaging import Frame


class GatedNetwork:
    """Gives each frame's first value back; each pass waits at a gate while that is shut."""

    def __init__(self) -> None:
        self.batches: list[int] = []
        self.kinds: list[list[str]] = []  # tests of the order give the frames of lists 10 and more
        self.values: list[list[int]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.running = threading.Semaphore(0)

    def forward(self, frames: Sequence[Frame]) -> Vectors:
        self.batches.append(len(frames))
        self.kinds.append(["list" if frame[0, 0, 0] >= 10 else "single" for frame in frames])
        self.values.append([int(frame[0, 0, 0]) for frame in frames])
        self.running.release()
        assert self.gate.wait(30)
        if any(frame[0, 0, 0] == 99 for frame in frames):
            raise RuntimeError("99 is not liked")
        if any(frame[0, 0, 0] == 98 for frame in frames):
            return np.zeros((0, 1), np.float32)
        return np.array([[frame[0, 0, 0]] for frame in frames], np.float32)

    @contextmanager
    def held(self, batcher: Batcher, pool: ThreadPoolExecutor) -> Generator[None]:
        """A pass with one frame is at the gate for the length of the block."""
        self.gate.clear()
        first = pool.submit(batcher.embed, [frame(0)])
        assert self.running.acquire(timeout=30)
        try:
            yield
        finally:
            self.gate.set()
        first.result(30)


def frame(value: int) -> Frame:
    return np.full((1, 1, 3), value, np.uint8)


@pytest.fixture
def network() -> GatedNetwork:
    return GatedNetwork()


@pytest.fixture
def batcher(network: GatedNetwork) -> Generator[Batcher]:
    made = Batcher(network.forward, 4, 6, lambda *_: None)
    yield made
    network.gate.set()
    made.close()


@pytest.fixture
def pool() -> Generator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(16) as made:
        yield made


def wait_for_queue(batcher: Batcher, length: int) -> None:
    """Until ``length`` frames wait."""
    for _ in range(3000):
        if batcher.waiting == length:
            return
        threading.Event().wait(0.01)
    raise AssertionError(f"{batcher.waiting} frames wait, not {length}")


def test_a_single_picture_goes_straight_through(batcher: Batcher, network: GatedNetwork) -> None:
    assert batcher.embed([frame(7)]).tolist() == [[7]]
    assert network.batches == [1]


def test_singles_that_come_while_the_network_runs_share_the_next_pass(
    batcher: Batcher, network: GatedNetwork, pool: ThreadPoolExecutor
) -> None:
    with network.held(batcher, pool):
        answers = [pool.submit(batcher.embed, [frame(value)]) for value in (1, 2, 3)]
        wait_for_queue(batcher, 3)
    assert [answer.result(30).tolist() for answer in answers] == [[[1]], [[2]], [[3]]]
    assert network.batches == [1, 3]


def test_a_pass_never_takes_more_than_fit(batcher: Batcher, network: GatedNetwork, pool: ThreadPoolExecutor) -> None:
    with network.held(batcher, pool):
        answers = [pool.submit(batcher.embed, [frame(value)]) for value in range(6)]
        wait_for_queue(batcher, 6)
    assert sorted(answer.result(30).item() for answer in answers) == list(range(6))
    assert network.batches == [1, 4, 2]


def test_a_long_list_keeps_its_order_over_several_passes(batcher: Batcher, network: GatedNetwork) -> None:
    assert batcher.embed([frame(value) for value in range(50)]).ravel().tolist() == list(range(50))
    assert max(network.batches) == 4


def test_a_full_queue_is_busy_and_takes_nothing(
    batcher: Batcher, network: GatedNetwork, pool: ThreadPoolExecutor
) -> None:
    with network.held(batcher, pool):
        waiting = [pool.submit(batcher.embed, [frame(value)]) for value in range(6)]
        wait_for_queue(batcher, 6)
        with pytest.raises(Busy, match="6 pictures are waiting"):
            batcher.embed([frame(1)])
        assert batcher.waiting == 6
    assert sorted(answer.result(30).item() for answer in waiting) == list(range(6))
    assert batcher.embed([frame(3)]).tolist() == [[3]]


def test_a_list_that_does_not_fit_as_a_whole_is_busy(
    batcher: Batcher, network: GatedNetwork, pool: ThreadPoolExecutor
) -> None:
    with network.held(batcher, pool):
        waiting = pool.submit(batcher.embed, [frame(value) for value in range(5)])
        wait_for_queue(batcher, 5)
        with pytest.raises(Busy, match="5 pictures are waiting"):
            batcher.embed([frame(1), frame(2)])
        assert batcher.waiting == 5
    assert waiting.result(30).ravel().tolist() == [0, 1, 2, 3, 4]


def test_singles_go_before_a_list_but_leave_it_one_place(
    batcher: Batcher, network: GatedNetwork, pool: ThreadPoolExecutor
) -> None:
    """Someone's search does not wait for an ingest, and the ingest goes on during many searches."""
    with network.held(batcher, pool):
        listed = pool.submit(batcher.embed, [frame(value) for value in range(10, 15)])
        wait_for_queue(batcher, 5)
        singles = [pool.submit(batcher.embed, [frame(value)]) for value in range(5)]
        wait_for_queue(batcher, 10)
    assert listed.result(30).ravel().tolist() == [10, 11, 12, 13, 14]
    assert sorted(answer.result(30).item() for answer in singles) == list(range(5))
    assert network.kinds == [["single"], ["single"] * 3 + ["list"], ["single"] * 2 + ["list"] * 2, ["list"] * 2]


def test_a_full_queue_of_lists_lets_singles_in(
    batcher: Batcher, network: GatedNetwork, pool: ThreadPoolExecutor
) -> None:
    with network.held(batcher, pool):
        listed = pool.submit(batcher.embed, [frame(10)] * 6)
        wait_for_queue(batcher, 6)
        single = pool.submit(batcher.embed, [frame(1)])
        wait_for_queue(batcher, 7)
    assert single.result(30).tolist() == [[1]]
    assert listed.result(30).shape == (6, 1)


def test_a_failing_pass_reaches_all_who_wait_for_it_and_nobody_else(
    batcher: Batcher, network: GatedNetwork, pool: ThreadPoolExecutor
) -> None:
    with network.held(batcher, pool):
        answers = [pool.submit(batcher.embed, [frame(value)]) for value in (1, 99)]
        wait_for_queue(batcher, 2)
    for answer in answers:
        with pytest.raises(RuntimeError, match="99 is not liked"):
            answer.result(30)
    assert batcher.embed([frame(5)]).tolist() == [[5]]


def test_a_network_that_answers_too_few_vectors_hangs_nobody(batcher: Batcher) -> None:
    with pytest.raises(ValueError, match="zip"):
        batcher.embed([frame(98)])
    assert batcher.embed([frame(5)]).tolist() == [[5]]


def test_closing_finishes_the_running_pass_and_refuses_the_rest(
    batcher: Batcher, network: GatedNetwork, pool: ThreadPoolExecutor
) -> None:
    with network.held(batcher, pool):
        waiting = pool.submit(batcher.embed, [frame(1)])
        wait_for_queue(batcher, 1)
        closing = pool.submit(batcher.close)
        while not batcher._closed:
            threading.Event().wait(0.01)
    closing.result(30)
    with pytest.raises(Closed):
        waiting.result(30)
    with pytest.raises(Closed):
        batcher.embed([frame(1)])


def test_every_pass_is_reported_with_its_size_and_its_times() -> None:
    seen: list[tuple[int, float, float]] = []
    batcher = Batcher(GatedNetwork().forward, 4, 6, lambda *numbers: seen.append(numbers))
    batcher.embed([frame(1), frame(2)])
    batcher.close()
    ((pictures, queued, model),) = seen
    assert pictures == 2
    assert 0 <= queued < 30
    assert 0 < model < 30
