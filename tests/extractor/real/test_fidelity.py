"""Vectors are those of Keras: on every engine, and for the published recipe too."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import openvino
import pytest

from extractor.engines.base import EngineUnavailable, Vectors
from extractor.models import MODELS
from tests.extractor.real.networks import WEIGHTS, cosines, need_weights, on_openvino


def largest_difference(ours: Vectors, keras: Vectors) -> float:
    """The largest difference of a number, relative to the largest number."""
    return float(np.abs(ours - keras).max() / np.abs(keras).max())


@pytest.mark.parametrize("model", WEIGHTS)
def test_openvino_gives_the_vectors_of_tensorflow(
    model: str, photos: list[Path], by_tensorflow: Mapping[str, Vectors]
) -> None:
    vectors = on_openvino(model).embed([path.read_bytes() for path in photos])
    assert cosines(vectors, by_tensorflow[f"{model}/engine"]).min() >= 0.99999


@pytest.mark.parametrize("model", [model for model in WEIGHTS if MODELS[model].keeps_bf16])
def test_bf16_keeps_the_vectors_of_tensorflow(
    model: str, photos: list[Path], by_tensorflow: Mapping[str, Vectors]
) -> None:
    need_weights(model)
    if "BF16" not in openvino.Core().get_property("CPU", "OPTIMIZATION_CAPABILITIES"):
        with pytest.raises(EngineUnavailable, match="no bfloat16 arithmetic"):
            on_openvino(model, "bf16")
        return
    embedder = on_openvino(model, "bf16")
    vectors = embedder.embed([path.read_bytes() for path in photos])
    assert embedder.engine.precision == "bf16"
    assert cosines(vectors, by_tensorflow[f"{model}/engine"]).min() >= 0.9998


def test_legacy_gives_the_vectors_of_the_published_service(by_tensorflow: Mapping[str, Vectors]) -> None:
    need_weights("vgg16")
    assert largest_difference(by_tensorflow["vgg16/legacy"], by_tensorflow["vgg16/published"]) <= 1e-5


def test_keras_preprocessing_gives_what_keras_gives_for_the_same_pixels(by_tensorflow: Mapping[str, Vectors]) -> None:
    need_weights("vgg16")
    assert largest_difference(by_tensorflow["vgg16/engine"], by_tensorflow["vgg16/plain"]) <= 1e-5


def test_legacy_and_keras_are_different_vectors(by_tensorflow: Mapping[str, Vectors]) -> None:
    """Otherwise the two tests above could not tell one from the other."""
    need_weights("vgg16")
    assert cosines(by_tensorflow["vgg16/legacy"], by_tensorflow["vgg16/engine"]).max() < 0.999


def test_legacy_on_openvino_gives_the_vectors_of_the_published_service(
    photos: list[Path], by_tensorflow: Mapping[str, Vectors]
) -> None:
    vectors = on_openvino("vgg16", "f32", "legacy").embed([path.read_bytes() for path in photos])
    assert cosines(vectors, by_tensorflow["vgg16/published"]).min() >= 0.99999


@pytest.mark.parametrize("model", WEIGHTS)
def test_different_photos_have_different_vectors(model: str, photos: list[Path]) -> None:
    """Random weights give nearly equal vectors, and then the tests above would prove nothing."""
    vectors = on_openvino(model).embed([path.read_bytes() for path in photos[:6]])
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert (unit @ unit.T - np.eye(len(unit))).max() < 0.95


@pytest.mark.parametrize("model", WEIGHTS)
def test_an_image_has_the_same_vector_alone_and_in_a_batch(model: str, photos: list[Path]) -> None:
    images = [path.read_bytes() for path in photos[:6]]
    alone = np.concatenate([on_openvino(model).embed([image]) for image in images])
    assert cosines(alone, on_openvino(model).embed(images)).min() >= 0.999999
