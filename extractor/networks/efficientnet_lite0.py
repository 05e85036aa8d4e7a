"""EfficientNet-Lite0: its network, and its weights from PyTorch's file."""

from pathlib import Path
from typing import Any

import keras
from keras import layers

from extractor.models import Pooling
from extractor.networks.build import Network, load_keras_file
from extractor.networks.torch_file import is_torch_file, read_torch_file

# Tan and Le 2019, arXiv:1905.11946 ("Lite": without squeeze-and-excite and with ReLU6). One row a stage: expansion,
# filters, repeats, stride of the first block, kernel.
_STAGES = (
    (1, 16, 1, 1, 3),
    (6, 24, 2, 2, 3),
    (6, 40, 2, 2, 5),
    (6, 80, 3, 2, 3),
    (6, 112, 3, 1, 5),
    (6, 192, 4, 2, 5),
    (6, 320, 1, 1, 3),
)


def build(*, input_shape: tuple[int, int, int], pooling: Pooling, **_: object) -> Network:
    """Return the network, without its top and with the numbers that Keras fills it with."""
    channels = 1 if keras.config.image_data_format() == "channels_first" else -1

    def convolve(x: Any, filters: int, kernel: int, stride: int, name: str) -> Any:
        return layers.Conv2D(filters, kernel, stride, padding="same", use_bias=False, name=name)(x)

    def normalise(x: Any, name: str) -> Any:
        return layers.BatchNormalization(channels, epsilon=1e-3, name=name)(x)

    def activate(x: Any) -> Any:
        return layers.ReLU(6.0)(x)

    def block(x: Any, expansion: int, filters: int, stride: int, kernel: int, name: str) -> Any:
        width, y = x.shape[channels], x
        if expansion != 1:
            expanded = convolve(y, width * expansion, 1, 1, f"{name}_expand_conv")
            y = activate(normalise(expanded, f"{name}_bn0"))
        depthwise = layers.DepthwiseConv2D(
            kernel, stride, padding="same", use_bias=False, name=f"{name}_depthwise_conv"
        )
        y = activate(normalise(depthwise(y), f"{name}_bn1"))
        y = normalise(convolve(y, filters, 1, 1, f"{name}_project_conv"), f"{name}_bn2")
        return layers.Add()([x, y]) if stride == 1 and width == filters else y

    image = layers.Input(input_shape)
    x = activate(normalise(convolve(image, 32, 3, 2, "_conv_stem"), "_bn0"))
    number = 0
    for expansion, filters, repeats, stride, kernel in _STAGES:
        for repeat in range(repeats):
            x = block(x, expansion, filters, stride if repeat == 0 else 1, kernel, f"_blocks_{number}")
            number += 1
    x = activate(normalise(convolve(x, 1280, 1, 1, "_conv_head"), "_bn1"))
    pool = layers.GlobalMaxPooling2D() if pooling == "max" else layers.GlobalAveragePooling2D()
    return keras.Model(image, pool(x))


def load_weights(network: Network, path: Path) -> None:
    """Load ``path``, the published PyTorch file or a weights file that Keras has written."""
    if is_torch_file(path):
        _load_torch_file(network, path)
    else:
        load_keras_file(network, path)


def _load_torch_file(network: Network, path: Path) -> None:
    """Load PyTorch's kernels (out, in, h, w) as Keras': (h, w, in, out), depthwise ones (h, w, channels, 1)."""
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
