"""Decoding a large JPEG at reduced scale moves its vector hardly at all."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from extractor.engines.base import Vectors
from imaging import FRAMES, Frame, Limits, open_image
from imaging.colour import to_rgb
from imaging.frames import resize
from tests.extractor.real.networks import cosines, on_openvino
from tests.images import encoded

PIXELS = 12_000_000
SIZE = 224


def enlarged(path: Path, multiple: int) -> bytes:
    """The photo as a camera of 12 megapixels would have stored it, with sides that ``multiple`` divides."""
    with Image.open(path) as image:
        scale = (PIXELS / (image.width * image.height)) ** 0.5 / multiple
        sides = (round(image.width * scale) * multiple, round(image.height * scale) * multiple)
        photo = image.convert("RGB").resize(sides, Image.Resampling.BICUBIC)
        return encoded(photo, "JPEG", quality=90, subsampling=2)


def reduced_frame(data: bytes) -> Frame:
    image = open_image(data, Limits())
    frame = FRAMES["keras"](image, SIZE, None)
    decoded = image.image.size
    assert min(decoded) >= 2 * SIZE
    assert decoded[0] * decoded[1] < PIXELS / 10  # otherwise there is nothing to compare
    return frame


def full_frame(data: bytes) -> Frame:
    return resize(to_rgb(open_image(data, Limits()).load()), SIZE, SIZE)


def smallest_cosine(model: str, images: list[bytes]) -> float:
    """The smallest cosine between the vectors of an image decoded at reduced scale and in full."""
    embedder = on_openvino(model)

    def embed(frames: list[Frame]) -> Vectors:
        step = embedder.engine.max_batch
        return np.concatenate([embedder.forward(frames[i : i + step]) for i in range(0, len(frames), step)])

    kept = cosines(embed([reduced_frame(data) for data in images]), embed([full_frame(data) for data in images]))
    print(f"{model}: smallest cosine {kept.min():.5f} of {len(kept)} photos of 12 megapixels")
    return float(kept.min())


@pytest.fixture(scope="module")
def photos(shared: Callable[[str], Path]) -> list[Path]:
    """Twelve photos of all classes."""
    return sorted(shared("data/clothing").glob("*/*.jpg"))[::13][:12]


@pytest.fixture(scope="module")
def camera_images(photos: list[Path]) -> list[bytes]:
    return [enlarged(photo, 8) for photo in photos]


@pytest.mark.parametrize("model", ["efficientnet_lite0", "vgg16"])
def test_a_cameras_jpeg_keeps_its_vector_when_it_is_decoded_at_reduced_scale(
    model: str, camera_images: list[bytes]
) -> None:
    assert smallest_cosine(model, camera_images) >= 0.998


def test_a_jpeg_of_any_size_keeps_it_too(photos: list[Path]) -> None:
    """The last column of a reduced JPEG stands for fewer pixels than the others where the scale leaves a rest."""
    assert smallest_cosine("efficientnet_lite0", [enlarged(photo, 1) for photo in photos[:6]]) >= 0.998
