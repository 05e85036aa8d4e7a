"""Which settings go together, and the sentence for those that do not."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from extractor.embedder import Embedder
from extractor.engines import select as choice
from extractor.loading import LOAD_ERRORS, load_embedder
from extractor.models import MODELS
from imaging import Limits
from tests.answers import assert_sentence
from tests.paths import CACHE

Load = Callable[..., Embedder]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Load:
    """Loads EfficientNet-Lite0 on OpenVINO by default; the web cannot be reached."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)

    def load_with(**changes: Any) -> Embedder:
        choices: dict[str, Any] = {
            "model": "efficientnet_lite0",
            "weights": "imagenet",
            "engine": "openvino",
            "precision": "auto",
            "pooling": None,
            "preprocessing": "keras",
            "limits": Limits(),
            "cache": CACHE,
        }
        return load_embedder(**{**choices, **changes})

    return load_with


def refusal(load: Load, **changes: Any) -> str:
    with pytest.raises(LOAD_ERRORS) as error:
        load(**changes)
    assert_sentence(str(error.value))
    return str(error.value)


def test_the_defaults_of_a_model_are_its_own(load: Load) -> None:
    description = load().describe("imagenet")
    assert description["fingerprint"] == "efficientnet_lite0:579344248a93e230:avg:keras:224:1280:float"
    assert (description["precision"], description["engine"]) == ("f32", "openvino")


@pytest.mark.parametrize("model", [name for name, model in MODELS.items() if not model.takes_legacy])
def test_legacy_is_for_vgg_only(load: Load, model: str) -> None:
    sentence = refusal(load, model=model, weights="random", preprocessing="legacy")
    assert "legacy is for VGG only" in sentence
    assert model in sentence


def test_vgg_takes_legacy() -> None:
    assert {name for name, model in MODELS.items() if model.takes_legacy} == {"vgg16", "vgg19"}


def test_int8_asks_for_images_to_calibrate_on(load: Load, tmp_path: Path) -> None:
    assert "EXTRACTOR_CALIBRATION" in refusal(load, precision="int8")
    assert "holds 0 images" in refusal(load, precision="int8", calibration_folder=tmp_path)


@pytest.mark.parametrize("model", [name for name, model in MODELS.items() if not model.keeps_bf16])
def test_bf16_is_refused_for_a_model_that_it_moves_too_far(load: Load, model: str) -> None:
    sentence = refusal(load, model=model, weights="random", precision="bf16")
    assert f"bf16 moves the vectors of {model} too far: use EXTRACTOR_PRECISION=f32" in sentence


def test_bf16_is_refused_on_tensorflow(load: Load) -> None:
    assert "openvino engine only" in refusal(load, engine="tensorflow", precision="bf16")


def test_only_vgg_keeps_bf16() -> None:
    assert {name for name, model in MODELS.items() if model.keeps_bf16} == {"vgg16", "vgg19"}


def test_auto_goes_on_with_the_packaged_model_and_says_so_once(load: Load, tmp_path: Path) -> None:
    (CACHE / "networks").mkdir(parents=True, exist_ok=True)
    (tmp_path / "networks").symlink_to(CACHE / "networks")  # a cache without weights, whose networks are converted
    heard: list[str] = []
    chosen = load(model="auto", cache=tmp_path, engine="openvino", notice=heard.append)
    assert chosen.model.name == "efficientnet_lite0"
    (notice,) = heard
    assert_sentence(notice)
    assert "vgg19" in notice
    assert "efficientnet_lite0" in notice


def test_auto_does_not_guess_the_model_of_a_file(load: Load) -> None:
    assert "name the model of your file" in refusal(load, model="auto", weights="mine.weights.h5")


def test_a_model_that_cannot_be_downloaded_is_not_replaced_when_it_was_named(load: Load, tmp_path: Path) -> None:
    assert "EXTRACTOR_MODEL=efficientnet_lite0" in refusal(load, model="vgg19", cache=tmp_path)


@pytest.mark.parametrize("engine", ["tensorflow", "openvino"])
def test_an_engine_that_is_not_installed_is_named(load: Load, engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == engine else found(name))
    assert f"EXTRACTOR_ENGINE={engine} needs the package {engine}" in refusal(load, engine=engine)


def test_auto_means_openvino_without_a_gpu(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "gpu_is_visible", lambda: False)
    assert load(engine="auto").engine.name == "openvino"


def test_auto_means_tensorflow_where_a_gpu_is(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its refusal of bf16 shows it: loading it would take Keras' one backend of this process."""
    monkeypatch.setattr(choice, "gpu_is_visible", lambda: True)
    monkeypatch.setattr(choice, "tensorflow_knows_gpus", lambda: True)
    assert "TensorFlow runs f32" in refusal(load, engine="auto", precision="bf16")
