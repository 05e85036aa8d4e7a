"""Milliseconds an image of every model on every engine of a CPU: ``python -m benchmarks.engine_speed``.

Weights are random, which does not change how long it takes. int8 is calibrated on scikit-image's photographs in changed
copies. TensorFlow runs in a process of its own, because Keras has one backend a process.
"""

import argparse
import multiprocessing
import tempfile
import time
from pathlib import Path
from typing import Literal

import numpy as np

from benchmarks.__main__ import write_images
from benchmarks.tables import format_table
from extractor.loading import load_embedder
from extractor.models import MODELS
from extractor.settings import ExtractorSettings
from imaging import Limits

Precision = Literal["f32", "bf16", "int8"]

_ROUNDS = 5


def milliseconds(model: str, engine: str, precision: Precision, images: Path) -> float:
    """Return the milliseconds of the fastest of some passes, one image at a time."""
    embedder = load_embedder(
        model=model,
        weights="random",
        engine=engine,
        precision=precision,
        pooling=None,
        preprocessing="keras",
        limits=Limits(),
        cache=ExtractorSettings().cache_dir,
        calibration_folder=images,
    )
    size = embedder.model.size
    image = np.random.default_rng(0).normal(0, 60, (1, size, size, 3)).astype(np.float32)
    embedder.engine.run(image)
    times = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        embedder.engine.run(image)
        times.append(time.perf_counter() - started)
    return min(times) * 1e3


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine_speed", description=__doc__)
    parser.add_argument("--model", nargs="+", choices=list(MODELS), default=list(MODELS))
    models: list[str] = parser.parse_args().model
    with tempfile.TemporaryDirectory() as scratch, multiprocessing.get_context("spawn").Pool(1) as tensorflow:
        images = Path(scratch)
        write_images(images)
        rows = []
        for model in models:
            precisions: list[Precision] = ["f32", "bf16", "int8"] if MODELS[model].keeps_bf16 else ["f32", "int8"]
            base = tensorflow.apply(milliseconds, (model, "tensorflow", "f32", images))
            ours = {precision: milliseconds(model, "openvino", precision, images) for precision in precisions}
            cells = [f"{ours[p]:.1f}" if p in ours else "" for p in ("f32", "bf16", "int8")]
            rows.append((model, f"{base:.1f}", *cells))
    print(format_table(("ms an image", "TensorFlow f32", "OpenVINO f32", "bf16", "int8"), rows))


if __name__ == "__main__":
    main()
