"""The model's own Keras preprocessing, on NumPy arrays."""

import numpy as np
from numpy.typing import NDArray

from extractor.engines.base import Batch
from extractor.models import Normalisation


def preprocess(frames: NDArray[np.uint8], how: Normalisation) -> Batch:
    """(n, size, size, 3) uint8 pixels to what the network takes: the same shape in float32."""
    ordered = frames[..., ::-1] if how.swap_channels else frames
    floats = ordered.astype(np.float32, order="C")
    floats -= np.array(how.mean, np.float32)
    if how.scale != 1.0:
        floats /= how.scale
    return floats
