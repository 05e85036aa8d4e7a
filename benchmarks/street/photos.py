"""The photos of the experiment, each with three copies turned at random. Pixels are read on demand."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import numpy as np

from benchmarks.changes import Change, turn_and_crop, turn_on_edge, turn_on_white
from benchmarks.distortions import within
from benchmarks.embedders import embed_one_by_one
from benchmarks.images import read_rgb
from extractor.embedder import Embedder, NoFeatures
from imaging import ImageError
from imaging.colour import Rgb
from search_api.stores.base import UNKNOWN_SHA256, Record, image_id

TURNS = 3
PHOTO, TURNED = "photo", "turned"  # values of the metadata's "kind"

CORNERS: Mapping[str, Change] = MappingProxyType({"edge": turn_on_edge, "white": turn_on_white, "cut": turn_and_crop})

_SEED = 2024
_MAX_SIDE = 1024  # pixels: the networks see 224 of them, and changing a camera's image would take seconds
_MIN_DEGREES, _MAX_DEGREES = 10, 349


@dataclass(frozen=True)
class IndexedImage:
    """A photo, or a copy of it that ``turn`` has turned by ``degrees``, as a store holds it under ``name``."""

    name: str
    file: Path
    turn: Change
    degrees: int = 0

    @property
    def id(self) -> str:
        return image_id(self.name)

    def pixels(self) -> Rgb:
        """Return the upright image at the size of one on a web page: the longer side at most 1024 pixels."""
        rgb = within(_MAX_SIDE, read_rgb(self.file))
        return self.turn(rgb, self.degrees) if self.degrees else rgb


@dataclass(frozen=True)
class Photo:
    """A photo and its turned copies."""

    itself: IndexedImage
    turned: Sequence[IndexedImage]


@dataclass(frozen=True)
class Unusable:
    """A file that is left out, and why; ``is_copy`` when its bytes are those of another photo."""

    name: str
    reason: str
    is_copy: bool = False


Prepared = tuple[Photo, Sequence[Record]] | Unusable


def prepare_photos(paths: Iterable[Path], root: Path, turn: Change, embedder: Embedder) -> Iterator[Prepared]:
    """Yield each photo with the records of it and its copies; of equal files the first."""
    seen: dict[str, str] = {}
    for path in paths:
        name, data = path.relative_to(root).as_posix(), path.read_bytes()
        digest = hashlib.sha256(data).hexdigest()
        if digest in seen:
            yield Unusable(name, f"the same file as {seen[digest]}", is_copy=True)
            continue
        seen[digest] = name
        photo = _photo(name, path, turn, digest)
        try:
            yield photo, _records(photo, data, digest, embedder)
        except (ImageError, NoFeatures) as error:
            yield Unusable(name, str(error))


def _photo(name: str, path: Path, turn: Change, digest: str) -> Photo:
    """Return the photo with degrees drawn from its file's bytes, so that no other photo and no name changes them."""
    rng = np.random.default_rng((_SEED, int(digest[:16], 16)))
    drawn = rng.choice(np.arange(_MIN_DEGREES, _MAX_DEGREES + 1), TURNS, replace=False).tolist()
    turned = [IndexedImage(f"{name} turned by {degrees}", path, turn, degrees) for degrees in sorted(drawn)]
    return Photo(IndexedImage(name, path, turn), turned)


def _records(photo: Photo, data: bytes, digest: str, embedder: Embedder) -> list[Record]:
    own = Record(photo.itself.id, photo.itself.name, digest, embedder.embed([data])[0], {"kind": PHOTO})
    vectors = embed_one_by_one(embedder, (image.pixels() for image in photo.turned))
    copies = [
        Record(copy.id, copy.name, UNKNOWN_SHA256, embedder.finish(vector), {"kind": TURNED, "degrees": copy.degrees})
        for copy, vector in zip(photo.turned, vectors, strict=True)
    ]
    return [own, *copies]
