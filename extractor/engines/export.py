"""Writes a network in OpenVINO's format: ``python -m extractor.engines.export MODEL POOLING WEIGHTS OUT.xml [FRAMES]``.

Run by the network cache in a process of its own. WEIGHTS is empty for random ones. With FRAMES, an .npy file of
normalised images, the network is quantised to 8 bits. Prints one line on stderr and exits with 1 when the weights are
not of that model.
"""

import sys
from pathlib import Path

import numpy as np

from extractor.engines.keras_backend import choose_backend
from extractor.models import MODELS, POOLINGS
from extractor.weights import WeightsUnavailable


def export(model: str, pooling: str, weights: str, out: Path, frames: Path | None = None) -> None:
    """Build ``model`` and write it to ``out`` and, beside it, its weights (.bin)."""
    choose_backend("openvino")
    import keras

    # OpenVINO works on channels first: a network built the other way turns its data around before and after every
    # layer, which costs VGG a third and MobileNetV2 two thirds of its time.
    keras.config.set_image_data_format("channels_first")

    from extractor.networks.build import build_network

    kind = POOLINGS[POOLINGS.index(pooling)]
    network = build_network(MODELS[model], kind, Path(weights) if weights else None)
    network.export(str(out), format="openvino", verbose=False)
    if frames is not None:
        _quantise(out, frames)


def _quantise(network: Path, frames: Path) -> None:
    """Post-training quantisation: weights and activations in 8 bits, scaled by what ``frames`` bring about."""
    try:
        import nncf
    except ImportError:
        raise WeightsUnavailable("EXTRACTOR_PRECISION=int8 needs the package nncf: run make install.") from None
    import openvino
    from openvino.passes import ConstantFolding, Manager

    images = np.load(frames, mmap_mode="r")
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
    model, pooling, weights, out, *frames = sys.argv[1:]
    try:
        export(model, pooling, weights, Path(out), *map(Path, frames))
    except WeightsUnavailable as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
