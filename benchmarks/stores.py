"""``python -m benchmarks.stores [ENGINE ...]``: the same 100,000 vectors of 512 numbers in each engine, in one run.

Each is a real server (:mod:`benchmarks.engines`) that is started for it, alone.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from benchmarks.engines import ENGINES, add_engines_argument, selected_engines
from benchmarks.store_speed import clustered, fill, path_of
from benchmarks.tables import format_table
from search_api.stores import open_store
from search_api.stores.base import BadQuery, Mode, Search, Store, Vector, image_id

_DIM = 512
_QUERIES = 100
_NEAREST = 10
_MIN_RECALL = 0.98


@dataclass(frozen=True)
class Measured:
    """The numbers of one engine; ``found`` are the ids of each query's nearest by exact search, where it has that."""

    engine: str
    filling: float
    exact: float | None
    ann: float
    recall: float
    megabytes: float
    disk: float
    found: list[list[str]] | None


def main() -> int:
    arguments = _parse_arguments()
    rng = np.random.default_rng(0)
    rows = clustered(rng, arguments.count)
    queries = rows[rng.integers(0, len(rows), _QUERIES)]
    truth = _truth(rows, queries)
    measured = [_measure(engine, rows, queries, truth) for engine in arguments.engines]
    _print(measured, len(rows))
    exact = [one.found for one in measured if one.found is not None]
    same = all(found == exact[0] for found in exact)
    print(f"the {_NEAREST} nearest of {_QUERIES} queries are the same on all: {'yes' if same else 'NO'}")
    return 0 if same and all(one.recall >= _MIN_RECALL for one in measured) else 1


def _truth(rows: Vector, queries: Vector) -> list[set[str]]:
    """Return the ids of the nearest rows of each query, by one product of matrices."""
    scores = queries @ (rows / np.linalg.norm(rows, axis=1, keepdims=True)).T
    nearest = np.argpartition(-scores, _NEAREST, axis=1)[:, :_NEAREST]
    return [{image_id(path_of(int(number))) for number in row} for row in nearest]


def _measure(engine: str, rows: Vector, queries: Vector, truth: Sequence[set[str]]) -> Measured:
    with tempfile.TemporaryDirectory() as scratch, ENGINES[engine](Path(scratch)) as running:
        started = time.perf_counter()
        fill(running.url, rows)
        filling = time.perf_counter() - started
        store = open_store(running.url)
        running.settle()
        _wait_until_idle(running.process)
        near = [_nearest(store, query, "ann") for query in queries]  # warms up, too
        hits = [len(one & set(other)) for one, other in zip(truth, near, strict=True)]
        found = _exactly(store, queries)
        measured = Measured(
            engine,
            filling,
            None if found is None else _median_milliseconds(store, queries, "exact"),
            _median_milliseconds(store, queries, "ann"),
            sum(hits) / (_NEAREST * len(queries)),
            _resident(running.process),
            sum(path.stat().st_size for path in running.folder.rglob("*") if path.is_file()) / 1e6,
            found,
        )
        store.close()
    return measured


def _exactly(store: Store, queries: Vector) -> list[list[str]] | None:
    """Return the ids of the nearest records of each query by exact search; None where the engine has a graph only."""
    try:
        return [_nearest(store, query, "exact") for query in queries]
    except BadQuery:
        return None


def _nearest(store: Store, query: Vector, mode: Mode) -> list[str]:
    return [hit.id for hit in store.search(Search(query, limit=_NEAREST, mode=mode)).hits]


def _median_milliseconds(store: Store, queries: Vector, mode: Mode) -> float:
    seconds = []
    for query in queries:
        started = time.perf_counter()
        _nearest(store, query, mode)
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds) * 1e3


def _wait_until_idle(process: psutil.Process) -> None:
    """Wait until the server has merged its segments, which goes on for a while after it was filled."""
    while sum(one.cpu_percent(1.0) for one in _family(process)) > 10 and process.pid != psutil.Process().pid:
        pass


def _resident(process: psutil.Process) -> float:
    return sum(float(one.memory_info().rss) for one in _family(process)) / 1e6


def _family(process: psutil.Process) -> list[psutil.Process]:
    if process.pid == psutil.Process().pid:
        return [process]
    return [process, *process.children(recursive=True)]


def _print(measured: Sequence[Measured], count: int) -> None:
    first = measured[0]
    header = (
        f"{count:,} x {_DIM}",
        "fill s",
        "exact ms",
        "ratio",
        "ann ms",
        f"recall@{_NEAREST}",
        "memory MB",
        "disk MB",
    )
    rows = [
        (
            one.engine,
            f"{one.filling:.0f}",
            "-" if one.exact is None else f"{one.exact:.1f}",
            "-" if one.exact is None or first.exact is None else f"{one.exact / first.exact:.2f}",
            f"{one.ann:.1f}",
            f"{one.recall:.3f}",
            f"{one.megabytes:.0f}",
            f"{one.disk:.0f}",
        )
        for one in measured
    ]
    print(format_table(header, rows))


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stores", description=__doc__)
    add_engines_argument(parser)
    parser.add_argument("--count", type=int, default=100_000)
    arguments = parser.parse_args()
    arguments.engines = selected_engines(parser, arguments)
    return arguments


if __name__ == "__main__":
    sys.exit(main())
