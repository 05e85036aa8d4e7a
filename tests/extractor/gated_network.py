"""A network that waits until it is let go, so that tests decide what is in the queue meanwhile."""

import threading
from collections.abc import Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np

from extractor.batcher import Batcher
from extractor.engines.base import Vectors
from imaging import Frame


class GatedNetwork:
    """Gives each frame's value back; each pass waits at a gate while that is shut. 98 and 99 make it fail."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.running = threading.Semaphore(0)

    def forward(self, frames: Sequence[Frame]) -> Vectors:
        self.batches.append([int(frame[0, 0, 0]) for frame in frames])
        self.running.release()
        assert self.gate.wait(30)
        if any(value == 99 for value in self.batches[-1]):
            raise RuntimeError("99 is not liked")
        if any(value == 98 for value in self.batches[-1]):
            return np.zeros((0, 1), np.float32)
        return np.array(self.batches[-1], np.float32)[:, None]

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


def wait_for_queue(batcher: Batcher, length: int) -> None:
    """Until ``length`` frames wait."""
    for _ in range(3000):
        if batcher.waiting == length:
            return
        threading.Event().wait(0.01)
    raise AssertionError(f"{batcher.waiting} frames wait, not {length}")
