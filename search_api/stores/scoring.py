"""What every engine does with the numbers of a search: query vectors of length 1, and hits with their score."""

import numpy as np
from numpy.typing import NDArray

from search_api.stores.base import Hit, Metric, Record, Vector


def unit_vector(vector: Vector) -> NDArray[np.float64]:
    """Return ``vector`` (dim,), which is not zero, at length 1; no length is too small or too large for it."""
    scaled = vector.astype(np.float64) / float(np.abs(vector).max())
    unit: NDArray[np.float64] = scaled / np.linalg.norm(scaled)
    return unit


def as_hit(record: Record, value: float, metric: Metric) -> Hit:
    """Return ``record`` as a hit; ``value`` is its score under cosine and its distance under l2."""
    score, distance = (value, None) if metric == "cosine" else (None, value)
    return Hit(record.id, record.file_path, record.sha256, score, distance, record.metadata)
