"""The models' own preprocessing equals Keras', number by number."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from extractor.embedder import Embedder
from extractor.engines.base import Batch, Vectors
from extractor.models import MODELS
from imaging import FRAMES, Limits
from tests.extractor.dummy import FINGERPRINT, DummyEngine
from tests.paths import ROOT

PIXELS = np.random.default_rng(3).integers(0, 256, (3, 8, 8, 3), np.uint8)
BY_KERAS = {name: model.network for name, model in MODELS.items() if model.network.startswith("keras.applications:")}
# Keras reads its backend once a process; its preprocessing of arrays needs none of the heavy ones.
_PROGRAM = """
import sys, numpy as np
from pkgutil import resolve_name
pixels = np.load(sys.argv[1] + "/pixels.npy")
for network in sys.argv[2:]:
    module = sys.modules[resolve_name(network).__module__]
    np.save(f"{sys.argv[1]}/{network}.npy", module.preprocess_input(pixels.astype("float32")))
"""


class Recording(DummyEngine):
    """Keeps what the network is fed."""

    fed: Batch

    def run(self, batch: Batch) -> Vectors:
        self.fed = batch.copy()
        return np.ones((len(batch), 1), np.float32)


@pytest.fixture(scope="module")
def by_keras(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what keras.applications makes of the pixels."""
    folder = tmp_path_factory.mktemp("keras")
    np.save(folder / "pixels.npy", PIXELS)
    environment = {**os.environ, "KERAS_BACKEND": "openvino"}
    command = [sys.executable, "-c", _PROGRAM, str(folder), *BY_KERAS.values()]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return folder


def fed_to(name: str) -> Batch:
    engine = Recording()
    Embedder(MODELS[name], engine, FRAMES["keras"], Limits(), FINGERPRINT).forward(list(PIXELS))
    assert engine.fed.flags.c_contiguous
    assert engine.fed.dtype == np.float32
    return engine.fed


@pytest.mark.parametrize("name", BY_KERAS)
def test_the_network_is_fed_what_keras_would_feed_it(name: str, by_keras: Path) -> None:
    np.testing.assert_allclose(fed_to(name), np.load(by_keras / f"{BY_KERAS[name]}.npy"), rtol=1e-6, atol=1e-5)


def test_efficientnet_lite_is_fed_pixels_less_127_over_128() -> None:
    np.testing.assert_allclose(fed_to("efficientnet_lite0"), (PIXELS.astype(float) - 127) / 128, atol=1e-6)


def test_no_other_model_is_left_out() -> None:
    assert set(MODELS) == {*BY_KERAS, "efficientnet_lite0"}
