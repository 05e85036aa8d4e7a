"""Builds a model's network from its record and puts its weights in.

The caller has chosen Keras' backend and data format before; either data format takes the same images and gives the
same vectors.
"""

from pathlib import Path
from pkgutil import resolve_name
from typing import Any

import keras
import numpy as np
from keras import layers

from extractor.models import Model, Pooling
from extractor.weights import WeightsUnavailable

Network = Any  # keras.Model: Keras ships no type information

_RANDOM_SEED = 0


def build_network(model: Model, pooling: Pooling, weights: Path | None) -> Network:
    """Return ``model`` without its top: (n, size, size, 3) normalised float32 in, (n, dim) float32 out.

    ``weights`` is a file that the model's loader can read; None fills the network with numbers of a fixed seed. Raises
    :class:`WeightsUnavailable` when the file is of another network.
    """
    channels_first = keras.config.image_data_format() == "channels_first"
    input_shape = (3, model.size, model.size) if channels_first else (model.size, model.size, 3)
    build = resolve_name(model.network)
    network = build(include_top=False, weights=None, input_shape=input_shape, pooling=pooling)
    if weights is None:
        _fill_at_random(network)
    else:
        _load(network, model, weights)
    if not channels_first:
        return network
    image = layers.Input((model.size, model.size, 3))
    return keras.Model(image, network(layers.Permute((3, 1, 2))(image)))


def load_keras_file(network: Network, path: Path) -> None:
    """Load ``path``, a weights file that Keras has written."""
    network.load_weights(str(path))


def _load(network: Network, model: Model, weights: Path) -> None:
    try:
        resolve_name(model.weights_loader)(network, weights)
    except Exception as error:  # Keras raises many kinds for a file of another shape
        raise WeightsUnavailable(
            f"{weights} does not hold weights of {model.name} without its top ({_first_line(error)}):"
            " name the right file in EXTRACTOR_WEIGHTS."
        ) from error


def _fill_at_random(network: Network) -> None:
    """Fill kernels with He-normal numbers of NumPy's generator, the same on every Keras backend."""
    rng = np.random.default_rng(_RANDOM_SEED)
    for layer in network.layers:
        if isinstance(layer, layers.Conv2D | layers.DepthwiseConv2D):
            numbers = layer.get_weights()
            kernel = numbers[0]
            inputs = (
                kernel.shape[0]
                * kernel.shape[1]
                * (1 if isinstance(layer, layers.DepthwiseConv2D) else kernel.shape[2])
            )
            numbers[0] = rng.normal(0.0, (2.0 / inputs) ** 0.5, kernel.shape).astype(np.float32)
            layer.set_weights(numbers)


def _first_line(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
