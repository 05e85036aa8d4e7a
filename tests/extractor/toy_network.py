"""A model that no release has: a record, a network of one convolution, and weights of a format of its own."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from extractor.models import Model, Normalisation, Packaged

KERNEL = np.random.default_rng(5).normal(size=(3, 6)).astype(np.float32)  # channels to numbers of the vector


def toy_model(folder: Path) -> Model:
    """Return the record of a model whose weights lie in a package below ``folder``, which is on the import path."""
    package = folder / "toy_weights"
    package.mkdir()
    (package / "__init__.py").touch()
    np.save(package / "kernel.npy", KERNEL)
    return Model(
        name="toy",
        network="tests.extractor.toy_network:build",
        dim=6,
        size=16,
        pooling="avg",
        normalisation=Normalisation(swap_channels=False, mean=(127.0, 127.0, 127.0), scale=128.0),
        takes_legacy=False,
        keeps_bf16=False,
        suggested_threshold=0.5,
        weights=Packaged(
            "toy_weights", "kernel.npy", hashlib.sha256((package / "kernel.npy").read_bytes()).hexdigest()
        ),
        weights_note="a test",
        weights_loader="tests.extractor.toy_network:load_weights",
    )


def build(*, input_shape: tuple[int, int, int], pooling: str, **_: object) -> Any:
    import keras  # here, because this process has no Keras: the one that writes the network has

    image = keras.layers.Input(input_shape)
    return keras.Model(image, keras.layers.GlobalAveragePooling2D()(keras.layers.Conv2D(6, 1, use_bias=False)(image)))


def load_weights(network: Any, path: Path) -> None:
    network.layers[1].set_weights([np.load(path)[None, None]])
