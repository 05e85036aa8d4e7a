"""The golden vectors as they are kept: tests/golden/vectors.npz, 16-bit floats by name."""

from pathlib import Path

import numpy as np

from extractor.engines.base import Vectors
from tests.extractor.real.networks import on_openvino
from tests.golden.images import odd_pictures, plain_picture

FILE = Path(__file__).with_name("vectors.npz")
# The preprocessing ids and networks whose numbers are frozen, on OpenVINO in float32.
NETWORKS = (
    ("efficientnet_lite0", "keras"),
    ("vgg16", "keras"),
    ("vgg16", "legacy"),
    ("mobilenet_v2", "keras"),
)
FOR_ODD_PICTURES = "efficientnet_lite0"


def network_vector(model: str, preprocessing: str) -> Vectors:
    """The vector of the plain picture."""
    vector: Vectors = on_openvino(model, "f32", preprocessing).embed([plain_picture()])[0]
    return vector


def odd_vectors() -> dict[str, Vectors]:
    """The vector of every odd picture."""
    pictures = odd_pictures()
    vectors = on_openvino(FOR_ODD_PICTURES).embed(list(pictures.values()))
    return dict(zip(pictures, vectors, strict=True))


def golden() -> dict[str, Vectors]:
    """All that is kept."""
    with np.load(FILE) as kept:
        return {name: kept[name].astype(np.float32) for name in kept.files}
