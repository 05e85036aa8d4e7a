"""The interface of an engine."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from extractor.fingerprint import Fingerprint
from extractor.models import Model, Pooling
from extractor.weights import Weights

Batch = NDArray[np.float32]  # (n, size, size, 3), preprocessed
Vectors = NDArray[np.float32]  # (n, dim)
EngineName = Literal["tensorflow", "openvino"]
Precision = Literal["f32", "bf16", "int8"]


class EngineUnavailable(RuntimeError):
    """The selected engine or precision cannot run here; the message says what to do."""


@dataclass(frozen=True)
class EngineConfig:
    """What an engine needs to load a network.

    ``write_calibration`` is for int8 only: it writes preprocessed images, (n, size, size, 3) float32, to an .npy file.
    """

    model: Model
    pooling: Pooling
    weights: Weights
    fingerprint: Fingerprint
    precision: Literal["auto", "f32", "bf16", "int8"]
    cache: Path
    write_calibration: Callable[[Path], None] | None = None


class Engine(Protocol):
    """A loaded network. One thread at a time calls ``run``, with 1 to ``max_batch`` images."""

    name: EngineName
    precision: Precision
    max_batch: int

    def run(self, batch: Batch) -> Vectors:
        """Return the vectors, (n, dim) float32, of preprocessed images, (n, size, size, 3) float32."""
