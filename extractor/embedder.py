"""Turns images into vectors, in stages that can be timed and tested one by one.

``open`` and ``prepare`` read and resize one image (many threads may call them), ``forward`` runs the network on a batch
(one thread at a time), ``finish`` refuses vectors that cannot be compared.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from extractor.engines.base import Engine, Vectors
from extractor.fingerprint import Fingerprint
from extractor.models import Model
from extractor.preprocessing import preprocess
from extractor.responses import ModelDescription
from imaging import Box, EncodedImage, Frame, Limits, MakeFrame, open_image


class NoFeatures(ValueError):
    """The network returns a zero or non-finite vector for this image; a cosine with it has no meaning."""


class Embedder:
    """One model on one engine, with one way of preprocessing images."""

    def __init__(
        self, model: Model, engine: Engine, make_frame: MakeFrame, limits: Limits, fingerprint: Fingerprint
    ) -> None:
        self.model = model
        self.engine = engine
        self.fingerprint = fingerprint
        self._make_frame = make_frame
        self._limits = limits

    def describe(self, weights: str) -> ModelDescription:
        """Return what GET /model answers; ``weights`` is the source that the settings name."""
        return {
            "name": self.model.name,
            "dim": self.model.dim,
            "fingerprint": str(self.fingerprint),
            "size": self.model.size,
            "pooling": self.fingerprint.pooling,
            "preprocessing": self.fingerprint.preprocessing,
            "precision": self.engine.precision,
            "engine": self.engine.name,
            "weights": Path(weights).name,
            "suggestedThreshold": self.model.suggested_threshold,
        }

    def open(self, data: bytes) -> EncodedImage:
        """Read the header of ``data`` and check it against the limits; raises an ImageError."""
        return open_image(data, self._limits)

    def prepare(self, image: EncodedImage, box: Box | None = None) -> Frame:
        """Decode ``image``, or the part of it in ``box``, to (size, size, 3) uint8; raises an ImageError."""
        return self._make_frame(image, self.model.size, box)

    def forward(self, frames: Sequence[Frame]) -> Vectors:
        """Return the vectors of prepared frames: (n, dim) float32 as the network returns them, not normalised."""
        return self.engine.run(preprocess(np.stack(frames), self.model.normalisation))

    def finish(self, vector: Vectors) -> Vectors:
        """Return ``vector`` (dim,); raises :class:`NoFeatures` when it is zero or not finite."""
        if not np.isfinite(vector).all() or not vector.any():
            raise NoFeatures("The network found no features in this image.")
        return vector

    def embed(self, images: Sequence[bytes]) -> Vectors:
        """Return the vectors of ``images``, (n, dim) float32, by all stages; raises the first error."""
        frames = [self.prepare(self.open(data)) for data in images]
        step = self.engine.max_batch
        vectors = [self.forward(frames[i : i + step]) for i in range(0, len(frames), step)]
        return np.stack([self.finish(vector) for vector in np.concatenate(vectors)])
