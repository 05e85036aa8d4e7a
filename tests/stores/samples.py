"""Records that tests write."""

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_api.stores.base import MetadataValue, Record, Vector, image_id

FINGERPRINT = "dummy:0123456789abcdef:avg:keras:32:4:float"
DIM = 4
QUERY: Vector = np.array([1, 0, 0, 0], np.float32)


def record(path: str, vector: Sequence[float] | NDArray[Any] = QUERY, **metadata: MetadataValue) -> Record:
    """Return a record at ``path``, whose content is named after the path."""
    return Record(image_id(path), path, digest(path), np.array(vector, np.float32), metadata)


def digest(content: str) -> str:
    """Return the SHA-256 of an image made of ``content``."""
    return hashlib.sha256(content.encode()).hexdigest()


def at_cosine(cosine: float, length: float = 1.0) -> list[float]:
    """Return a vector of ``length`` whose cosine to QUERY is ``cosine``."""
    return [length * cosine, length * float(np.sqrt(1 - cosine * cosine)), 0.0, 0.0]


def crowd(count: int, dim: int, seed: int = 0) -> list[Record]:
    """Return random records as collections have them: some clusters, some strangers, and equal images at many paths."""
    random = np.random.default_rng(seed)
    centres = random.normal(size=(20, dim))
    vectors = centres[random.integers(0, 20, count)] + 0.3 * random.normal(size=(count, dim))
    strangers = random.random(count) < 0.3
    vectors[strangers] = random.normal(size=(int(strangers.sum()), dim)) * 3
    copies = random.random(count) < 0.1
    vectors[copies] = vectors[random.integers(0, 10, int(copies.sum()))]
    return [
        record(f"{number % 7}/{number:06}.jpg", vector, folder=str(number % 7), number=number % 3)
        for number, vector in enumerate(vectors)
    ]
