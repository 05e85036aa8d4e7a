"""A search in 100,000 vectors of 512 numbers through the search service, next to a bare NumPy product, in one run."""

import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial

import numpy as np
import requests
from numpy.typing import NDArray

from benchmarks.running import Running, service
from benchmarks.tables import format_table
from search_api.stores import create_store
from search_api.stores.base import Record, image_id

_ROWS, _DIM = 100_000, 512
_CLUSTERS = 1_000
_QUERIES = 40
_UPSERT = 2_000
_MAX_RATIO = 1.5
_MAX_MEGABYTES = 450


def measure() -> bool:
    """Print medians of both, in turns, and the service's memory; return whether both bounds hold."""
    rng = np.random.default_rng(0)
    rows = clustered(rng)
    with tempfile.TemporaryDirectory() as scratch:
        url = f"embedded://{scratch}/images.db"
        fill(url, rows)
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        with service("search_api.wsgi", "SEARCH", {"STORE_URL": url}, ready="/healthz") as running:
            queries = rows[rng.integers(0, _ROWS, _QUERIES)]
            _search(running, queries[0])
            bare, ours = [], []
            for query in queries:
                bare.append(_milliseconds(partial(np.dot, rows, query)))
                ours.append(_search(running, query))
            megabytes = running.resident_megabytes()
    product, search = statistics.median(bare), statistics.median(ours)
    print(
        format_table(
            (f"search in {_ROWS:,} x {_DIM}", "ms", "ratio", "wanted"),
            (
                ("bare NumPy product", f"{product:.1f}", "1.00", ""),
                ("embedded store, in the service", f"{search:.1f}", f"{search / product:.2f}", f"<= {_MAX_RATIO}"),
            ),
        )
    )
    print(f"search service resident memory: {megabytes:.0f} MB (wanted <= {_MAX_MEGABYTES})\n")
    return search / product <= _MAX_RATIO and megabytes <= _MAX_MEGABYTES


def clustered(rng: np.random.Generator, count: int = _ROWS) -> NDArray[np.float32]:
    """Return ``count`` vectors, (count, 512), in clusters, as those of similar images are."""
    centres = rng.normal(0, 1, (_CLUSTERS, _DIM)).astype(np.float32)
    rows = centres[rng.integers(0, _CLUSTERS, count)]
    rows += rng.normal(0, 0.4, rows.shape).astype(np.float32)
    return rows


def path_of(number: int) -> str:
    """Return the path of the record with the vector ``number``."""
    return f"{number:06}.jpg"


def fill(url: str, rows: NDArray[np.float32]) -> None:
    """Create a collection of ``rows`` at ``url``."""
    store = create_store(url, "benchmark", _DIM)
    for start in range(0, len(rows), _UPSERT):
        names = [path_of(number) for number in range(start, start + _UPSERT)]
        store.upsert([Record(image_id(n), n, "0" * 64, row) for n, row in zip(names, rows[start:], strict=False)])
    store.publish()
    store.close()


def _search(running: Running, query: NDArray[np.float32]) -> float:
    body = {"vector": query.tolist(), "score": 0.5}
    answer = requests.post(f"{running.url}/searchByVector", json=body, timeout=60)
    answer.raise_for_status()
    return float(answer.json()["data"]["took"]["store"])


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1e3
