"""Images for real networks, and what TensorFlow makes of them."""

import importlib.util
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from extractor.engines.base import Vectors
from tests.extractor.real.networks import WEIGHTS, has_weights
from tests.paths import ROOT, SHARED


@pytest.fixture(scope="session")
def clothing() -> list[Path]:
    """One photo of every second class of the shared clothing photos; empty where those are absent."""
    return [sorted(folder.glob("*.jpg"))[0] for folder in sorted((SHARED / "data" / "clothing").glob("*/"))[::2]]


@pytest.fixture(scope="session")
def photos(photographs: list[Path], clothing: list[Path]) -> list[Path]:
    """The images that engines are compared on."""
    return photographs + clothing


@pytest.fixture(scope="session")
def by_tensorflow(photos: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Vectors]:
    """Vectors of ``photos`` by Keras on TensorFlow, in the order of the photos; see keras_reference."""
    if importlib.util.find_spec("tensorflow") is None:
        pytest.skip("TensorFlow is not installed: run make install")
    out = tmp_path_factory.mktemp("tensorflow") / "vectors.npz"
    models = [f"{model}={weights}" for model, weights in WEIGHTS.items() if has_weights(model)]
    command = [sys.executable, "-m", "tests.extractor.real.keras_reference", *models, str(out), *map(str, photos)]
    subprocess.run(command, cwd=ROOT, check=True)
    return dict(np.load(out))
