"""Runs in this process, with the dummy network called directly."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from imaging import Box
from search_api.embedding.extraction import Extraction
from search_api.ingest.files import find_files
from search_api.ingest.options import IngestOptions
from search_api.ingest.run import ingest
from search_api.ingest.summary import IngestSummary, Progress
from search_api.stores.base import Store
from tests.extractor.dummy import FINGERPRINT, dummy_embedder

EmbedImages = Callable[[Sequence[bytes]], Extraction]


def embed(images: Sequence[bytes], box: Box | None = None) -> Extraction:
    return Extraction(list(dummy_embedder().embed(images)), str(FINGERPRINT))


def index(store: Store, folder: Path, embed: EmbedImages, **options: Any) -> IngestSummary:
    """Ingest ``folder``; check that the progress hears of every file once."""
    reported: list[int] = []
    progress = Progress(lambda: reported.append(1))
    paths = find_files(folder)
    wanted = IngestOptions(**{"max_bytes": 10**6, "in_flight": 2, **options})
    ingest(store, lambda images, box=None: embed(images), folder, paths, progress, wanted, follow_moves=True)
    assert len(reported) == len(paths)
    return progress.summary
