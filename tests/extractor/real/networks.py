"""Networks with real weights, for tests; loaded once a session each."""

from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from extractor.embedder import Embedder
from extractor.engines.base import Vectors
from extractor.loading import load_embedder
from extractor.models import MODELS, Packaged
from imaging import Limits
from tests.paths import CACHE, SHARED

# Where the weights of models are: those in packages, and files for some that come from the web. VGG19 and ResNet50 are
# on the web only; VGG16 stands for VGG19, its sister.
WEIGHTS = {
    **{name: "imagenet" for name, model in MODELS.items() if isinstance(model.weights, Packaged)},
    "vgg16": str(SHARED / "weights" / "vgg16_imagenet_notop.weights.h5"),
    "mobilenet_v2": str(SHARED / "weights" / "mobilenet_v2_1.0_224_notop.weights.h5"),
}


def has_weights(model: str) -> bool:
    """Return whether the weights of ``model`` are on this machine."""
    return model in WEIGHTS and (WEIGHTS[model] == "imagenet" or Path(WEIGHTS[model]).exists())


def need_weights(model: str) -> None:
    """Skip the test where the weights of ``model`` are absent."""
    if not has_weights(model):
        pytest.skip(f"{WEIGHTS[model]} is absent: this test needs real weights of {model}")


@cache
def on_openvino(model: str, precision: Literal["f32", "bf16"] = "f32", preprocessing: str = "keras") -> Embedder:
    """Load ``model`` with its real weights; skips where they are absent."""
    need_weights(model)
    return load_embedder(
        model=model,
        weights=WEIGHTS[model],
        engine="openvino",
        precision=precision,
        pooling=None,
        preprocessing=preprocessing,
        limits=Limits(),
        cache=CACHE,
    )


def cosines(one: Vectors, other: Vectors) -> Vectors:
    """Return the cosine of each row of ``one`` with the same row of ``other``."""
    lengths = np.linalg.norm(one, axis=-1) * np.linalg.norm(other, axis=-1)
    products: Vectors = (one.astype(np.float64) * other).sum(axis=-1) / lengths
    return products
