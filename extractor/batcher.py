"""Lets images of concurrent requests share a forward pass of the network.

One thread runs the network. While a pass runs, images queue up; the next pass takes as many as fit into a batch. No
image waits for a batch to fill: with an empty queue a single image goes straight through.

A single image is a search, a list is part of an ingest. They have queues of their own and single images go first, so
that a search during an ingest waits for the running pass only; one slot of each batch is left to the lists, so that an
ingest goes on too.
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
Observe = Callable[[int, float, float], None]  # images in the batch, seconds queued, seconds in the model
_Waiting = tuple[Frame, Future[Vectors], float]  # frame, its vector to come, when it arrived


class Busy(RuntimeError):
    """The queue is full; try again a little later."""


class Closed(RuntimeError):
    """The batcher no longer runs."""


class Batcher:
    """Runs ``forward`` on batches of at most ``max_batch`` frames; each of two queues holds ``max_queue`` frames."""

    def __init__(self, forward: Forward, max_batch: int, max_queue: int, observe: Observe) -> None:
        self._forward = forward
        self._max_batch = max_batch
        self._max_queue = max_queue
        self._observe = observe
        self._singles: deque[_Waiting] = deque()
        self._lists: deque[_Waiting] = deque()
        self._wakeup = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="batcher", daemon=True)
        self._thread.start()

    def embed(self, frames: Sequence[Frame]) -> Vectors:
        """Return the vectors of ``frames``, (n, dim) float32, once the network has run on all of them.

        Raises :class:`Busy`, and queues none of them, when they do not all fit behind those that wait. A list longer
        than the whole queue is accepted when nothing waits.
        """
        arrived = time.perf_counter()
        futures: list[Future[Vectors]] = [Future() for _ in frames]
        with self._wakeup:
            if self._closed:
                raise Closed("The service is stopping.")
            queue = self.check_room(len(frames))
            queue.extend((frame, future, arrived) for frame, future in zip(frames, futures, strict=True))
            self._wakeup.notify()
        return np.stack([future.result() for future in futures])

    def check_room(self, count: int) -> deque[_Waiting]:
        """Return the queue for a request with ``count`` images; raises :class:`Busy` when they do not fit now."""
        queue = self._singles if count == 1 else self._lists
        if queue and len(queue) + count > self._max_queue:
            raise Busy(f"{len(queue)} images are waiting already: try again in a second.")
        return queue

    @property
    def waiting(self) -> int:
        """Return how many frames wait for a pass."""
        return len(self._singles) + len(self._lists)

    def close(self) -> None:
        """Stop after the pass that runs now; requests that still wait raise :class:`Closed`."""
        with self._wakeup:
            self._closed = True
            self._wakeup.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._wakeup:
                self._wakeup.wait_for(lambda: self.waiting or self._closed)
                if self._closed:
                    break
                batch = self._take()
            self._run_batch(batch)
        for _, future, _ in (*self._singles, *self._lists):
            future.set_exception(Closed("The service is stopping."))

    def _take(self) -> list[_Waiting]:
        """Take the next batch from the queues: single images, but for one slot if lists wait, then lists."""
        singles = min(len(self._singles), self._max_batch - bool(self._lists and self._max_batch > 1))
        batch = [self._singles.popleft() for _ in range(singles)]
        return batch + [self._lists.popleft() for _ in range(min(len(self._lists), self._max_batch - singles))]

    def _run_batch(self, batch: Sequence[_Waiting]) -> None:
        started = time.perf_counter()
        try:
            vectors = self._forward([frame for frame, _, _ in batch])
            results = list(zip(batch, vectors, strict=True))
        except Exception as error:  # noqa: BLE001 - the requests that wait raise it, and the thread goes on
            for _, future, _ in batch:
                future.set_exception(error)
            return
        ended = time.perf_counter()
        self._observe(len(batch), started - min(arrived for _, _, arrived in batch), ended - started)
        for (_, future, _), vector in results:
            future.set_result(vector)
