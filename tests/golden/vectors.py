"""The golden vectors: tests/golden/vectors.npz, 16-bit floats by name."""

from pathlib import Path

import numpy as np

from extractor.engines.base import Vectors
from extractor.models import MODELS
from tests.extractor.real.networks import on_openvino
from tests.golden.images import odd_images, plain_image

FILE = Path(__file__).with_name("vectors.npz")
FOR_ODD_IMAGES = "efficientnet_lite0"


def networks() -> list[tuple[str, str]]:
    """Return model and preprocessing of everything that an image can become a vector by, on OpenVINO in float32."""
    ways = [(name, "keras") for name in MODELS]
    return ways + [(name, "legacy") for name, model in MODELS.items() if model.takes_legacy]


def network_vector(model: str, preprocessing: str) -> Vectors:
    """Return the vector of the plain image."""
    vector: Vectors = on_openvino(model, "f32", preprocessing).embed([plain_image()])[0]
    return vector


def odd_vectors() -> dict[str, Vectors]:
    """Return the vector of every odd image."""
    images = odd_images()
    vectors = on_openvino(FOR_ODD_IMAGES).embed(list(images.values()))
    return dict(zip(images, vectors, strict=True))


def golden() -> dict[str, Vectors]:
    """Return the golden vectors."""
    with np.load(FILE) as kept:
        return {name: kept[name].astype(np.float32) for name in kept.files}
