"""Writes a network in OpenVINO's format: ``python -m extractor.engines.export MODEL POOLING WEIGHTS OUT.xml``.

Run by the OpenVINO engine in a process of its own. WEIGHTS is empty for random ones. Prints one line on stderr and
exits with 1 when the weights are not of that model.
"""

import os
import sys
import tempfile
from pathlib import Path

from extractor.engines.keras_backend import choose_backend
from extractor.models import MODELS, POOLINGS
from extractor.weights import WeightsUnavailable


def export(model: str, pooling: str, weights: str, out: Path) -> None:
    """Build ``model`` and write it to ``out`` and, beside it, its weights (.bin); each appears whole or not at all."""
    choose_backend("openvino")
    from extractor.networks import build_network

    kind = POOLINGS[POOLINGS.index(pooling)]
    network = build_network(MODELS[model], kind, Path(weights) if weights else None)
    with tempfile.TemporaryDirectory(dir=out.parent) as folder:
        draft = Path(folder, out.name)
        network.export(str(draft), format="openvino", verbose=False)
        os.replace(draft.with_suffix(".bin"), out.with_suffix(".bin"))
        os.replace(draft, out)  # last: the engine looks for this one


def main() -> None:
    model, pooling, weights, out = sys.argv[1:]
    try:
        export(model, pooling, weights, Path(out))
    except WeightsUnavailable as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
