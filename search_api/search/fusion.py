"""One query vector out of several: what the images have in common, or what tells some from others."""

from collections.abc import Sequence

import numpy as np

from search_api.stores.base import Metric, Vector
from serving.errors import BadParameter

_NOISE = 1e-12


def check_weights(weights: Sequence[float], images: int) -> None:
    """Raise BadParameter unless there is one weight for each of so many images."""
    if len(weights) != images:
        raise BadParameter(f"weights are one for each image: {images}, not {len(weights)}.")


def fuse(vectors: Sequence[Vector], weights: Sequence[float], metric: Metric) -> Vector:
    """Return the weighted sum of ``vectors``, (dim,): of unit vectors under cosine, the mean of the raw ones under l2.

    Raises BadParameter for weights without a mean. Vectors that cancel each other out give zeros, which no store
    searches with.
    """
    rows, factors = np.array(vectors, np.float64), np.array(weights, np.float64)
    factors /= np.abs(factors).max() or 1.0
    if metric == "l2":
        if factors.sum() <= 0:
            raise BadParameter("weights must add up to more than 0 where distances are compared.")
        return np.asarray(factors @ rows / factors.sum(), np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    fused = factors @ np.divide(rows, lengths, out=np.zeros_like(rows), where=lengths > 0)
    fused[np.abs(fused) < _NOISE] = 0  # what is left where vectors cancel out
    return np.asarray(fused, np.float32)
