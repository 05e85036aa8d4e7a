"""Builds the Keras networks and puts their weights in.

The only module beside the engines that imports Keras. Whoever calls it has chosen Keras' backend and data format
before; either data format takes the same images and gives the same vectors.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import keras
import numpy as np
from keras import layers

from extractor.models import Model, Pooling
from extractor.networks.torch_file import read_torch_file
from extractor.weights import WeightsUnavailable

Network = Any  # keras.Model: Keras ships no type information

_RANDOM_SEED = 0

# EfficientNet-Lite0 (Tan and Le 2019, arXiv:1905.11946; "Lite" without squeeze-and-excite and with ReLU6), one row a
# stage: expansion, filters, repeats, stride of the first block, kernel.
_LITE0_STAGES = (
    (1, 16, 1, 1, 3),
    (6, 24, 2, 2, 3),
    (6, 40, 2, 2, 5),
    (6, 80, 3, 2, 3),
    (6, 112, 3, 1, 5),
    (6, 192, 4, 2, 5),
    (6, 320, 1, 1, 3),
)


def build_network(model: Model, pooling: Pooling, weights: Path | None) -> Network:
    """Return ``model`` without its top: (n, size, size, 3) normalised float32 in, (n, dim) float32 out.

    ``weights`` is a file that Keras (or, for EfficientNet-Lite0, :mod:`extractor.networks.torch_file`) can read; None fills the
    network with numbers of a fixed seed. Raises :class:`WeightsUnavailable` when the file is of another network.
    """
    network = _BUILDERS[model.name](model.size, pooling)
    if weights is None:
        _fill_at_random(network)
    else:
        _load(network, model, weights)
    if not _channels_first():
        return network
    image = layers.Input((model.size, model.size, 3))
    return keras.Model(image, network(layers.Permute((3, 1, 2))(image)))


def _load(network: Network, model: Model, weights: Path) -> None:
    try:
        if weights.suffix == ".pth":
            _load_lite0(network, weights)
        else:
            network.load_weights(str(weights))
    except Exception as error:  # Keras raises many kinds for a file of another shape
        raise WeightsUnavailable(
            f"{weights} does not hold weights of {model.name} without its top ({_first_line(error)}):"
            " name the right file in EXTRACTOR_WEIGHTS."
        ) from error


def _channels_first() -> bool:
    return bool(keras.config.image_data_format() == "channels_first")


def _input_shape(size: int) -> tuple[int, int, int]:
    return (3, size, size) if _channels_first() else (size, size, 3)


def _from_applications(application: Callable[..., Network]) -> Callable[[int, Pooling], Network]:
    def build(size: int, pooling: Pooling) -> Network:
        return application(weights=None, include_top=False, pooling=pooling, input_shape=_input_shape(size))

    return build


def _build_lite0(size: int, pooling: Pooling) -> Network:
    channels = 1 if _channels_first() else -1

    def convolve(x: Any, filters: int, kernel: int, stride: int, name: str) -> Any:
        return layers.Conv2D(filters, kernel, stride, padding="same", use_bias=False, name=name)(x)

    def preprocess(x: Any, name: str) -> Any:
        return layers.BatchNormalization(channels, epsilon=1e-3, name=name)(x)

    def activate(x: Any) -> Any:
        return layers.ReLU(6.0)(x)

    def block(x: Any, expansion: int, filters: int, stride: int, kernel: int, name: str) -> Any:
        width, y = x.shape[channels], x
        if expansion != 1:
            expanded = convolve(y, width * expansion, 1, 1, f"{name}_expand_conv")
            y = activate(preprocess(expanded, f"{name}_bn0"))
        depthwise = layers.DepthwiseConv2D(
            kernel, stride, padding="same", use_bias=False, name=f"{name}_depthwise_conv"
        )
        y = activate(preprocess(depthwise(y), f"{name}_bn1"))
        y = preprocess(convolve(y, filters, 1, 1, f"{name}_project_conv"), f"{name}_bn2")
        return layers.Add()([x, y]) if stride == 1 and width == filters else y

    image = layers.Input(_input_shape(size))
    x = activate(preprocess(convolve(image, 32, 3, 2, "_conv_stem"), "_bn0"))
    number = 0
    for expansion, filters, repeats, stride, kernel in _LITE0_STAGES:
        for repeat in range(repeats):
            x = block(x, expansion, filters, stride if repeat == 0 else 1, kernel, f"_blocks_{number}")
            number += 1
    x = activate(preprocess(convolve(x, 1280, 1, 1, "_conv_head"), "_bn1"))
    pool = layers.GlobalMaxPooling2D() if pooling == "max" else layers.GlobalAveragePooling2D()
    return keras.Model(image, pool(x))


def _load_lite0(network: Network, path: Path) -> None:
    """PyTorch keeps kernels as (out, in, h, w); Keras as (h, w, in, out), depthwise ones as (h, w, channels, 1)."""
    state = read_torch_file(path)
    for layer in network.layers:
        name = layer.name
        if name.startswith("_blocks_"):
            number, part = name.removeprefix("_blocks_").split("_", 1)
            name = f"_blocks.{number}._{part}"
        if isinstance(layer, layers.DepthwiseConv2D):
            layer.set_weights([state[f"{name}.weight"].transpose(2, 3, 0, 1)])
        elif isinstance(layer, layers.Conv2D):
            layer.set_weights([state[f"{name}.weight"].transpose(2, 3, 1, 0)])
        elif isinstance(layer, layers.BatchNormalization):
            layer.set_weights([state[f"{name}.{part}"] for part in ("weight", "bias", "running_mean", "running_var")])


def _fill_at_random(network: Network) -> None:
    """He-normal kernels from NumPy's generator, the same on every Keras backend; the rest stays as built."""
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


_BUILDERS: Mapping[str, Callable[[int, Pooling], Network]] = MappingProxyType(
    {
        "vgg19": _from_applications(keras.applications.VGG19),
        "vgg16": _from_applications(keras.applications.VGG16),
        "mobilenet_v2": _from_applications(keras.applications.MobileNetV2),
        "resnet50": _from_applications(keras.applications.ResNet50),
        "efficientnet_lite0": _build_lite0,
    }
)
