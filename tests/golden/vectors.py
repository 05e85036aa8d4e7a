"""The golden vectors as they are kept: tests/golden/vectors.npz, 16-bit floats by name."""

from pathlib import Path

import numpy as np

from extractor.engines.base import Vectors
from tests.extractor.real.networks import on_openvino
from tests.golden.images import odd_images, plain_image

FILE = Path(__file__).with_name("vectors.npz")
# The preprocessing ids and networks whose numbers are frozen, on OpenVINO in float32.
NETWORKS = (
    ("efficientnet_lite0", "keras"),
    ("vgg16", "keras"),
    ("vgg16", "legacy"),
    ("mobilenet_v2", "keras"),
)
FOR_ODD_IMAGES = "efficientnet_lite0"


def network_vector(model: str, preprocessing: str) -> Vectors:
    """The vector of the plain image."""
    vector: Vectors = on_openvino(model, "f32", preprocessing).embed([plain_image()])[0]
    return vector


def odd_vectors() -> dict[str, Vectors]:
    """The vector of every odd image."""
    images = odd_images()
    vectors = on_openvino(FOR_ODD_IMAGES).embed(list(images.values()))
    return dict(zip(images, vectors, strict=True))


def golden() -> dict[str, Vectors]:
    """All that is kept."""
    with np.load(FILE) as kept:
        return {name: kept[name].astype(np.float32) for name in kept.files}
