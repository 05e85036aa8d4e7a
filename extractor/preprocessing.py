"""The model's own Keras preprocessing, in NumPy."""

import numpy as np
from numpy.typing import NDArray

from extractor.engines.base import Batch
from extractor.models import Normalisation


def preprocess(frames: NDArray[np.uint8], normalisation: Normalisation) -> Batch:
    """Return what the network takes, (n, size, size, 3) float32, for ``frames``, the same shape in uint8."""
    ordered = frames[..., ::-1] if normalisation.swap_channels else frames
    floats = ordered.astype(np.float32, order="C")
    floats -= np.array(normalisation.mean, np.float32)
    if normalisation.scale != 1.0:
        floats /= normalisation.scale
    return floats
