"""The models that a benchmark runs, and their unit vectors."""

import argparse
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import platformdirs
from numpy.typing import NDArray

from benchmarks.images import LIMITS
from extractor.embedder import Embedder
from extractor.engines.base import Vectors
from extractor.loading import LOAD_ERRORS, load_embedder
from extractor.models import MODELS
from extractor.weights import IMAGENET
from imaging.colour import Rgb

Units = NDArray[np.float32]  # (n, dim), each row of length 1, so that a product of two is their cosine

_PHOTOS_AT_ONCE = 32


def add_model_arguments(
    parser: argparse.ArgumentParser, models: Sequence[str] = tuple(MODELS), chosen: str = "default: all"
) -> None:
    """Add the arguments that select models, by default ``models``, and name their weights."""
    parser.add_argument("--model", nargs="+", choices=MODELS, default=list(models), help=chosen)
    parser.add_argument(
        "--weights", nargs="+", type=_named_file, default=[], metavar="NAME=FILE", help="default: ImageNet, downloaded"
    )
    parser.add_argument("--cache", type=Path, default=platformdirs.user_cache_path("image-search"))


def load_embedders(arguments: argparse.Namespace) -> Iterator[Embedder]:
    """Yield each selected model on the openvino engine; say which cannot be loaded, and why."""
    files = dict(arguments.weights)
    for model in arguments.model:
        try:
            yield load_embedder(
                model=model,
                weights=files.get(model, IMAGENET),
                engine="openvino",
                precision="auto",
                pooling=None,
                preprocessing="keras",
                limits=LIMITS,
                cache=arguments.cache,
            )
        except LOAD_ERRORS as error:
            print(f"{model} is skipped. {error}\n")


def embed_files(embedder: Embedder, paths: Sequence[Path]) -> Units:
    """Return unit vectors of image files, (n, dim)."""
    parts = [paths[i : i + _PHOTOS_AT_ONCE] for i in range(0, len(paths), _PHOTOS_AT_ONCE)]
    return _units(np.concatenate([embedder.embed([path.read_bytes() for path in part]) for part in parts]))


def embed_pixels(embedder: Embedder, images: Sequence[Rgb]) -> Units:
    """Return unit vectors of (height, width, 3) uint8 images, (n, dim); they go through BMP files, without loss."""
    return _units(embedder.embed([_as_bmp(rgb) for rgb in images]))


def embed_one_by_one(embedder: Embedder, images: Iterable[Rgb]) -> Vectors:
    """Return vectors as the network does, (n, dim): not checked, not normalised. Holds the pixels of one image only."""
    frames = [embedder.prepare(embedder.open(_as_bmp(rgb))) for rgb in images]
    step = embedder.engine.max_batch
    return np.concatenate([embedder.forward(frames[i : i + step]) for i in range(0, len(frames), step)])


def _as_bmp(rgb: Rgb) -> bytes:
    return cv2.imencode(".bmp", rgb[..., ::-1])[1].tobytes()


def _units(vectors: NDArray[np.float32]) -> Units:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def _named_file(text: str) -> tuple[str, str]:
    name, equals, file = text.partition("=")
    if name not in MODELS or not equals:
        raise argparse.ArgumentTypeError(f"{text} is not NAME=FILE with NAME one of {', '.join(MODELS)}")
    return name, file
