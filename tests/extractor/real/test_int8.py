"""A real network in 8 bits: a class of its own, near the original."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from benchmarks.changes import quarter_turn
from extractor.embedder import Embedder
from extractor.engines.base import EngineUnavailable
from extractor.loading import load_embedder
from imaging import Limits
from tests.paths import CACHE


def load(precision: str, folder: Path, engine: str = "openvino") -> Embedder:
    return load_embedder(
        model="efficientnet_lite0",
        weights="imagenet",
        engine=engine,
        precision=precision,  # type: ignore[arg-type]  # a text of the test
        pooling=None,
        preprocessing="keras",
        limits=Limits(),
        cache=CACHE,
        calibration_folder=folder,
    )


@pytest.fixture(scope="module")
def folder(photographs: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """24 images to calibrate on: six photographs in four turns."""
    made = tmp_path_factory.mktemp("calibration")
    for path in photographs:
        pixels = cv2.imread(str(path))
        assert pixels is not None
        for turn in range(4):
            turned = quarter_turn(np.asarray(pixels, np.uint8), 90 * turn)
            cv2.imwrite(str(made / f"{path.stem}-{turn}.png"), turned)
    return made


def test_an_int8_network_is_near_the_original_and_never_mixes_with_it(folder: Path, photographs: list[Path]) -> None:
    images = [path.read_bytes() for path in photographs]
    full, small = load("f32", folder), load("int8", folder)
    assert small.engine.precision == "int8"
    assert str(full.fingerprint).endswith(":float")
    assert ":int8-" in str(small.fingerprint)
    a, b = full.embed(images), small.embed(images)
    cosines = (a * b).sum(axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    assert cosines.min() > 0.85
    assert not np.array_equal(a, b)


def test_int8_runs_on_openvino_only(folder: Path) -> None:
    with pytest.raises(EngineUnavailable, match="runs on the openvino engine only"):
        load("int8", folder, engine="tensorflow")
