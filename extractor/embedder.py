"""From images to vectors in three stages, each of which can be timed and tried alone.

``prepare`` opens and resizes one image (many threads may), ``forward`` runs the network on a batch (one thread at a
time), ``finish`` refuses vectors that cannot be compared.
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
    """The network gives a zero or non-finite vector for this image; a cosine with it has no meaning."""


class Embedder:
    """One model on one engine, with one way of preparing images."""

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
        """Read the header of ``data`` and check the limits."""
        return open_image(data, self._limits)

    def prepare(self, image: EncodedImage, box: Box | None = None) -> Frame:
        """Decode ``image`` to (size, size, 3) uint8."""
        return self._make_frame(image, self.model.size, box)

    def forward(self, frames: Sequence[Frame]) -> Vectors:
        """Run the network on frames of :meth:`prepare`: (n, dim) float32, as Keras gives it, not normalised."""
        return self.engine.run(preprocess(np.stack(frames), self.model.normalisation))

    def finish(self, vector: Vectors) -> Vectors:
        """Return ``vector`` (dim,); raises :class:`NoFeatures` when it is zero or not finite."""
        if not np.isfinite(vector).all() or not vector.any():
            raise NoFeatures("The network finds no features in this image.")
        return vector

    def embed(self, images: Sequence[bytes]) -> Vectors:
        """All stages at once, for callers in the same process: (n, dim) float32. Raises the first image's error."""
        frames = [self.prepare(self.open(data)) for data in images]
        step = self.engine.max_batch
        vectors = [self.forward(frames[i : i + step]) for i in range(0, len(frames), step)]
        return np.stack([self.finish(vector) for vector in np.concatenate(vectors)])
