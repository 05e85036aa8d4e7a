"""A tiny deterministic network that drives the whole service fast."""

import numpy as np

from extractor.embedder import Embedder
from extractor.engines.base import Batch, EngineName, Precision, Vectors
from extractor.fingerprint import Fingerprint
from extractor.models import Model, Normalisation, Packaged
from imaging import FRAMES, Limits, MakeFrame

MODEL = Model(
    name="dummy",
    network="none",
    dim=24,
    size=32,
    pooling="avg",
    normalisation=Normalisation(swap_channels=False, mean=(127.0, 127.0, 127.0), scale=128.0),
    takes_legacy=False,
    keeps_bf16=False,
    suggested_threshold=0.9,
    weights=Packaged("none", "none", "none"),
    weights_note="none",
)
FINGERPRINT = Fingerprint(MODEL.name, "d0" * 32, MODEL.pooling, "keras", MODEL.size, MODEL.dim, "float")
# An image that the model's own normalisation turns into zeros everywhere.
FEATURELESS = (127, 127, 127)


class DummyEngine:
    """Means over a grid of 4 x 4 fields, projected by a fixed matrix."""

    name: EngineName = "openvino"
    precision: Precision = "f32"
    max_batch = 8

    def __init__(self, seed: int = 0) -> None:
        self._matrix = np.random.default_rng(seed).normal(size=(4 * 4 * 3, MODEL.dim)).astype(np.float32)

    def run(self, batch: Batch) -> Vectors:
        field = MODEL.size // 4
        means = batch.reshape(len(batch), 4, field, 4, field, 3).mean(axis=(2, 4))
        vectors: Vectors = means.reshape(len(batch), -1) @ self._matrix
        return vectors


def dummy_embedder(
    engine: DummyEngine | None = None,
    limits: Limits | None = None,
    make_frame: MakeFrame = FRAMES["keras"],
    fingerprint: Fingerprint = FINGERPRINT,
) -> Embedder:
    """An embedder around the dummy network."""
    return Embedder(MODEL, engine or DummyEngine(), make_frame, limits or Limits(), fingerprint)
