"""Runs in this process, with the dummy network called directly."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from search_api.embedding.client import Extraction
from search_api.ingest.files import find_files
from search_api.ingest.run import ingest
from search_api.ingest.summary import Progress, Summary
from search_api.stores.base import Store
from tests.extractor.dummy import FINGERPRINT, dummy_embedder

Embed = Callable[[Sequence[bytes]], Extraction]


def embed(images: Sequence[bytes]) -> Extraction:
    return Extraction(list(dummy_embedder().embed(images)), str(FINGERPRINT))


def index(store: Store, folder: Path, embed: Embed, **options: Any) -> Summary:
    """Run over ``folder``; every file is told to the progress once."""
    told: list[int] = []
    progress = Progress(lambda: told.append(1))
    paths = find_files(folder)
    options = {"max_bytes": 10**6, "in_flight": 2, "dry_run": False} | options
    ingest(store, embed, folder, paths, progress, **options)
    assert len(told) == len(paths)
    return progress.summary
