"""Writes a network in OpenVINO's format: ``python -m extractor.engines.export < EXPORT``, EXPORT being pickled.

The model cache runs it in a process of its own. It prints one line on stderr and exits with 1 when the weights are not
those of the model.
"""

import pickle
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from extractor.engines.keras_backend import choose_backend
from extractor.models import Model, Pooling
from extractor.weights import WeightsUnavailable


@dataclass(frozen=True)
class Export:
    """What to write, and where.

    ``weights`` is None for random ones. With ``calibration``, an .npy file of preprocessed images, the network is
    quantised to 8 bits.
    """

    model: Model
    pooling: Pooling
    weights: Path | None
    calibration: Path | None
    out: Path


def export(what: Export) -> None:
    """Build the network and write it to ``what.out`` (.xml) and, beside it, its weights (.bin)."""
    choose_backend("openvino")
    import keras

    # OpenVINO works on channels first: a network built the other way turns its data around before and after every
    # layer, which costs VGG a third and MobileNetV2 two thirds of its time.
    keras.config.set_image_data_format("channels_first")

    from extractor.networks.build import build_network

    network = build_network(what.model, what.pooling, what.weights)
    network.export(str(what.out), format="openvino", verbose=False)
    if what.calibration is not None:
        _quantise(what.out, what.calibration)


def _quantise(network: Path, calibration: Path) -> None:
    """Quantise ``network`` after training: weights and activations in 8 bits, scaled by what ``calibration`` causes."""
    try:
        import nncf
    except ImportError:
        raise WeightsUnavailable("EXTRACTOR_PRECISION=int8 needs the package nncf: run make install.") from None
    import openvino
    from openvino.passes import ConstantFolding, Manager

    images = np.load(calibration, mmap_mode="r")
    dataset = nncf.Dataset([image[np.newaxis] for image in images])
    model = openvino.Core().read_model(network)
    folding = Manager()
    folding.register_pass(ConstantFolding())  # kernels behind a transpose would stay in float
    folding.run_passes(model)
    quantised = nncf.quantize(model, dataset, subset_size=len(images))
    draft = network.with_stem("quantised")  # the quantised model still maps the file that the original was read from
    openvino.save_model(quantised, draft, compress_to_fp16=False)
    for suffix in (".bin", ".xml"):
        draft.with_suffix(suffix).replace(network.with_suffix(suffix))


def main() -> None:
    try:
        export(pickle.load(sys.stdin.buffer))
    except WeightsUnavailable as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
