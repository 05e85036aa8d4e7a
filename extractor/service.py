"""Extraction without HTTP: decodes the images of a request in parallel and sends them through the batcher.

Memory stays bounded under load: a semaphore bounds the pixels that are decoded at once, and the frames that wait for
the network are small.
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
from imaging import Box, Frame, ImageError
from serving.semaphore import WeightedSemaphore


class NotReady(RuntimeError):
    """The network returns no vectors at present."""


Prepared = Frame | Exception
VectorOrError = Vectors | Exception

log = logging.getLogger(__name__)


class ExtractionService:
    """One embedder, shared by all requests."""

    def __init__(self, embedder: Embedder, metrics: ExtractorMetrics, max_pixels: int, queue: int) -> None:
        self.embedder = embedder
        self._metrics = metrics
        self._pixels = WeightedSemaphore(max_pixels)
        self._decoders = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="decode")
        self._batcher = Batcher(embedder.forward, embedder.engine.max_batch, queue, metrics.batch)

    def embed(self, images: Sequence[bytes], box: Box | None) -> list[VectorOrError]:
        """Return for each image, in order, its vector (dim,) or the error why it has none; raises Busy."""
        self._batcher.check_room(len(images))  # before the work of decoding
        if len(images) == 1:  # a search: not behind the images of lists
            prepared = [self._prepare(images[0], box)]
        else:
            prepared = list(self._decoders.map(lambda data: self._prepare(data, box), images))
        frames = [item for item in prepared if not isinstance(item, Exception)]
        vectors = iter(self._batcher.embed(frames) if frames else ())
        return [item if isinstance(item, Exception) else self._finish(next(vectors)) for item in prepared]

    def check(self) -> None:
        """Run the network on a grey ramp; raises :class:`NotReady` when the vector is unusable."""
        size = self.embedder.model.size
        ramp = np.linspace(0, 255, size, dtype=np.uint8)
        frame = np.broadcast_to(ramp[:, None, None], (size, size, 3))
        try:
            self.embedder.finish(self._batcher.embed([frame])[0])
        except Busy:
            return  # the queue is full, so the network is running
        except Exception as error:
            raise NotReady(f"The network does not run ({error}): see the service's log.") from error

    def close(self) -> None:
        """Stop the threads."""
        self._batcher.close()
        self._decoders.shutdown()

    def _prepare(self, data: bytes, box: Box | None) -> Prepared:
        started = time.perf_counter()
        try:
            image = self.embedder.open(data)
            with self._pixels.acquire(image.pixels):
                return self.embedder.prepare(image, box)
        except Exception as error:
            if not isinstance(error, ImageError):
                log.exception("an image could not be prepared")
            error.__context__ = None  # it and the traceback hold the decoded pixels, and must not outlive them
            return error.with_traceback(None)
        finally:
            self._metrics.decoded(time.perf_counter() - started)

    def _finish(self, vector: Vectors) -> VectorOrError:
        try:
            return self.embedder.finish(vector)
        except NoFeatures as error:
            return error
