"""Lets pictures of concurrent requests share a forward pass.

One thread runs the network. While it runs, requests queue up; when it comes back it takes as many as fit into a batch.
Nobody waits for a batch to fill: with an empty queue a single picture goes straight through.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future

import numpy as np

from extractor.engines.base import Vectors
from imaging import Frame

Forward = Callable[[Sequence[Frame]], Vectors]
Observe = Callable[[int, float, float], None]  # pictures in the batch, seconds queued, seconds in the model


class Busy(RuntimeError):
    """The queue is full; try again a little later."""


class Closed(RuntimeError):
    """The batcher no longer runs."""


class Batcher:
    """Runs ``forward`` on batches of at most ``max_batch`` frames; at most ``max_queue`` frames wait."""

    def __init__(self, forward: Forward, max_batch: int, max_queue: int, observe: Observe) -> None:
        self._forward = forward
        self._max_batch = max_batch
        self._max_queue = max_queue
        self._observe = observe
        self._waiting: deque[tuple[Frame, Future[Vectors], float]] = deque()
        self._wakeup = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="batcher", daemon=True)
        self._thread.start()

    def embed(self, frames: Sequence[Frame]) -> Vectors:
        """Wait for the vectors of ``frames``: (n, dim) float32.

        All of them are taken or none: raises :class:`Busy` when they do not fit behind those already waiting. A list
        longer than the whole queue is taken when nothing waits.
        """
        arrived = time.perf_counter()
        futures: list[Future[Vectors]] = [Future() for _ in frames]
        with self._wakeup:
            if self._closed:
                raise Closed("The service is stopping.")
            if self._waiting and len(self._waiting) + len(frames) > self._max_queue:
                raise Busy(f"{len(self._waiting)} pictures are waiting already: try again in a second.")
            self._waiting.extend((frame, future, arrived) for frame, future in zip(frames, futures, strict=True))
            self._wakeup.notify()
        return np.stack([future.result() for future in futures])

    def close(self) -> None:
        """Stop after the batch that runs now; requests still waiting get :class:`Closed`."""
        with self._wakeup:
            self._closed = True
            self._wakeup.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._wakeup:
                self._wakeup.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    break
                batch = [self._waiting.popleft() for _ in range(min(self._max_batch, len(self._waiting)))]
            self._run_batch(batch)
        for _, future, _ in self._waiting:
            future.set_exception(Closed("The service is stopping."))

    def _run_batch(self, batch: Sequence[tuple[Frame, Future[Vectors], float]]) -> None:
        started = time.perf_counter()
        try:
            vectors = self._forward([frame for frame, _, _ in batch])
        except Exception as error:  # noqa: BLE001 - whoever waits gets it, and the thread lives on
            for _, future, _ in batch:
                future.set_exception(error)
            return
        ended = time.perf_counter()
        self._observe(len(batch), started - min(arrived for _, _, arrived in batch), ended - started)
        for (_, future, _), vector in zip(batch, vectors, strict=True):
            future.set_result(vector)
