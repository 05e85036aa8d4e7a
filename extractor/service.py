"""What the routes do, without HTTP: prepare pictures side by side, send them through the batcher, keep order.

Memory stays bounded under load: pictures being decoded share a budget of pixels, waiting ones are already small.
"""

import logging
import os
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from extractor.batcher import Batcher, Busy
from extractor.embedder import Embedder, NoFeatures
from extractor.engines.base import Vectors
from extractor.metrics import ExtractorMetrics
from imaging import Box, Frame, PictureError
from serving.semaphore import Budget


class NotReady(RuntimeError):
    """The network gives no vectors at present."""


Prepared = Frame | Exception
Outcome = Vectors | Exception

log = logging.getLogger(__name__)


class ExtractionService:
    """One embedder shared by all requests."""

    def __init__(self, embedder: Embedder, metrics: ExtractorMetrics, max_pixels: int, queue: int) -> None:
        self.embedder = embedder
        self._metrics = metrics
        self._pixels = Budget(max_pixels)
        self._decoders = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="decode")
        self._batcher = Batcher(embedder.forward, embedder.engine.max_batch, queue, metrics.batch)

    def embed(self, pictures: Sequence[bytes], box: Box | None) -> list[Outcome]:
        """For each picture its vector (dim,) or the reason why it has none. Raises Busy."""
        self._batcher.check_room(len(pictures))  # before the work of decoding
        if len(pictures) == 1:  # somebody's search: not behind the pictures of lists
            prepared = [self._prepare(pictures[0], box)]
        else:
            prepared = list(self._decoders.map(lambda data: self._prepare(data, box), pictures))
        frames = [item for item in prepared if not isinstance(item, Exception)]
        vectors = iter(self._batcher.embed(frames) if frames else ())
        return [item if isinstance(item, Exception) else self._finish(next(vectors)) for item in prepared]

    def check(self) -> None:
        """Run the network on a grey ramp; raises :class:`NotReady` when no usable vector comes out."""
        size = self.embedder.model.size
        ramp = np.linspace(0, 255, size, dtype=np.uint8)
        frame = np.broadcast_to(ramp[:, None, None], (size, size, 3))
        try:
            self.embedder.finish(self._batcher.embed([frame])[0])
        except Busy:
            return  # a full queue is being worked off: the network runs
        except Exception as error:
            raise NotReady(f"The network does not run ({error}).") from error

    def close(self) -> None:
        """Stop the threads."""
        self._batcher.close()
        self._decoders.shutdown()

    def _prepare(self, data: bytes, box: Box | None) -> Prepared:
        started = time.perf_counter()
        try:
            picture = self.embedder.open(data)
            with self._pixels.holding(picture.pixels):
                return self.embedder.prepare(picture, box)
        except Exception as error:
            if not isinstance(error, PictureError):
                log.exception("a picture could not be prepared")
            error.__context__ = None  # it and the trace hold the decoded pixels, and an outcome lives longer than these
            return error.with_traceback(None)
        finally:
            self._metrics.decoded(time.perf_counter() - started)

    def _finish(self, vector: Vectors) -> Outcome:
        try:
            return self.embedder.finish(vector)
        except NoFeatures as error:
            return error
