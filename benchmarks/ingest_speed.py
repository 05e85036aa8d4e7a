"""Images a second of an ingest through HTTP, next to the bare model fed from memory, in one run."""

import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.extractor_speed import VGG19_AT_RANDOM
from benchmarks.running import service
from benchmarks.tables import format_table
from extractor.loading import embedder_from_settings
from extractor.settings import ExtractorSettings
from search_api.embedding.client import ExtractorClient
from search_api.ingest.files import find_files
from search_api.ingest.options import IngestOptions
from search_api.ingest.run import ingest
from search_api.ingest.summary import Progress
from search_api.stores import create_store

_MIN_SHARE = 0.9
_BARE_IMAGES = 64


def measure(folder: Path) -> bool:
    """Print the speeds of an ingest of ``folder`` and of the bare model; return whether the bound holds."""
    before = _bare_model()
    ingested = _ingest(folder)
    bare = (before + _bare_model()) / 2
    share = ingested / bare
    print(
        format_table(
            ("VGG19, many images", "images/s", "share", "wanted"),
            (
                ("bare model (openvino)", f"{bare:.1f}", "1.00", ""),
                ("ingest through HTTP", f"{ingested:.1f}", f"{share:.2f}", f">= {_MIN_SHARE}"),
            ),
        )
    )
    print()
    return share >= _MIN_SHARE


def _bare_model() -> float:
    settings = ExtractorSettings(model="vgg19", weights="random", engine="openvino")
    embedder = embedder_from_settings(settings)
    size, step = embedder.model.size, embedder.engine.max_batch
    batch = np.random.default_rng(0).normal(0, 60, (step, size, size, 3)).astype(np.float32)
    embedder.engine.run(batch)
    started = time.perf_counter()
    for _ in range(_BARE_IMAGES // step):
        embedder.engine.run(batch)
    return _BARE_IMAGES / (time.perf_counter() - started)


def _ingest(folder: Path) -> float:
    paths = find_files(folder)
    with service("extractor.wsgi", "EXTRACTOR", VGG19_AT_RANDOM) as running, tempfile.TemporaryDirectory() as scratch:
        client = ExtractorClient([running.url], deadline=60)
        model = client.model()
        store = create_store(f"embedded://{scratch}/images.db", model["fingerprint"], model["dim"])
        progress = Progress(lambda: None)
        started = time.perf_counter()
        ingest(store, client.embed, folder, paths, progress, IngestOptions(2**24, in_flight=2), follow_moves=False)
        seconds = time.perf_counter() - started
        store.close()
    assert progress.summary.counts["added"] == len(paths)
    return len(paths) / seconds
