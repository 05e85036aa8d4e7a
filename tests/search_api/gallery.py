"""A folder of small images, indexed with the dummy network."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from imaging import Box
from search_api.embedding.extraction import Extraction
from search_api.ingest.files import find_files
from search_api.ingest.options import IngestOptions
from search_api.ingest.run import ingest
from search_api.ingest.summary import Progress
from search_api.stores import create_store, open_store
from search_api.stores.base import Record, image_id
from tests.extractor.dummy import FINGERPRINT, MODEL, dummy_embedder
from tests.ingest.album import fill, image

COUNT = 60


@dataclass(frozen=True)
class Gallery:
    """Image number n is ``names[n]``."""

    root: Path
    store_url: str
    names: list[str]

    def ranking(self, query: bytes) -> list[tuple[str, float]]:
        """Return all paths with their cosines to ``query``, best first, by brute force."""
        rows = directions([image(number) for number in range(COUNT)])
        scores = rows @ directions([query])[0]
        return sorted(zip(self.names, scores.tolist(), strict=True), key=lambda pair: -pair[1])


def make_gallery(folder: Path) -> Gallery:
    """Write the images into ``folder`` and index them."""
    gallery = Gallery(folder / "photos", f"embedded://{folder}/images.db", fill(folder / "photos", COUNT))
    index(gallery.root, gallery.store_url)
    return gallery


def index(root: Path, store_url: str) -> None:
    """Index all images below ``root``."""
    store = create_store(store_url, str(FINGERPRINT), MODEL.dim)
    paths = find_files(root)
    ingest(store, _embed, root, paths, Progress(int), IngestOptions(10**8), follow_moves=False)
    store.close()


def records_in(store_url: str) -> dict[str, Record]:
    """Return the records of the store, by path; check that no path is there twice."""
    store = open_store(store_url)
    records = list(store.scan())
    assert len(records) == len({record.file_path for record in records})
    store.close()
    return {record.file_path: record for record in records}


def _embed(images: Sequence[bytes], box: Box | None = None) -> Extraction:
    return Extraction(list(dummy_embedder().embed(images)), str(FINGERPRINT))


def directions(images: Sequence[bytes]) -> NDArray[np.float64]:
    """Return the unit vectors of ``images``, (n, dim)."""
    rows = dummy_embedder().embed(images).astype(np.float64)
    directions: NDArray[np.float64] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return directions


def add_record(gallery: Gallery, file_path: str) -> str:
    """Put a record for ``file_path`` into the store, even if there is no such file; return its id.

    The store itself refuses some paths, so this goes past it, as an index might that others made.
    """
    store = open_store(gallery.store_url)
    (sample,) = store.by_path([gallery.names[0]], with_vectors=True)
    passable = "any path"
    store.upsert([replace(sample, id=image_id(passable), file_path=passable, sha256="0" * 64)])
    store.close()
    connection = sqlite3.connect(gallery.store_url.removeprefix("embedded://"))
    with connection:
        row = (image_id(file_path), file_path, passable)
        connection.execute("UPDATE OR REPLACE images SET id = ?, file_path = ? WHERE file_path = ?", row)
    connection.close()
    return image_id(file_path)
