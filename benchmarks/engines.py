"""The engines that benchmarks run on: each started for the benchmark, with nothing in it, and stopped again."""

import argparse
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil
import requests
from pymilvus import MilvusClient

from tests.servers.elasticsearch import Elasticsearch
from tests.servers.milvus import Milvus

_SERVER_HEAP = "2g"
_POLL_SECONDS = 0.2


@dataclass(frozen=True)
class RunningEngine:
    """An engine that runs: the URL of a collection to make, the process that holds it, and its folder.

    ``settle`` lets the engine write to its files what is still in a log.
    """

    url: str
    process: psutil.Process
    folder: Path
    settle: Callable[[], object]


def _file(scheme: str) -> Callable[[Path], AbstractContextManager[RunningEngine]]:
    """Return what starts an engine whose collections are files, read by this process or the service."""

    @contextmanager
    def start(folder: Path) -> Iterator[RunningEngine]:
        yield RunningEngine(f"{scheme}://{folder}/images.db", psutil.Process(), folder, lambda: None)

    return start


def _elasticsearch(release: str) -> Callable[[Path], AbstractContextManager[RunningEngine]]:
    @contextmanager
    def start(folder: Path) -> Iterator[RunningEngine]:
        with Elasticsearch(release, folder, heap=_SERVER_HEAP, quick_start=False) as server:
            flush = partial(requests.post, f"http://{server.address}/_flush", timeout=600)
            url = f"elasticsearch://{server.address}/images"
            yield RunningEngine(url, psutil.Process(server.pid), folder / "data", flush)

    return start


def _milvus(index: str) -> Callable[[Path], AbstractContextManager[RunningEngine]]:
    @contextmanager
    def start(folder: Path) -> Iterator[RunningEngine]:
        with Milvus(folder, quick_ticks=False) as server:
            url = f"milvus://{server.address}/images?index={index}"
            yield RunningEngine(url, psutil.Process(server.pid), server.data, partial(_settle, server.address))

    return start


def _settle(address: str) -> None:
    """Let Milvus write what it has in memory, build the index over it, and search in that."""
    client = MilvusClient(f"http://{address}", dedicated=True)
    (collection,) = client.list_collections()
    client.flush(collection)
    total = int(client.get_collection_stats(collection)["row_count"])
    while client.describe_index(collection, "vector")["indexed_rows"] < total:
        time.sleep(_POLL_SECONDS)
    client.release_collection(collection)
    client.load_collection(collection)
    client.close()


ENGINES = {
    "embedded": _file("embedded"),
    "elasticsearch-8": _elasticsearch("8"),
    "elasticsearch-9": _elasticsearch("9"),
    "milvus": _milvus("flat"),
    "milvus-hnsw": _milvus("hnsw"),
    "milvus-lite": _file("milvus"),
}


def add_engines_argument(parser: argparse.ArgumentParser) -> None:
    """Add the argument that names the engines; the default is all of them."""
    parser.add_argument("engines", nargs="*", metavar="ENGINE", help=", ".join(ENGINES))


def selected_engines(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> list[str]:
    """Return the engines that the command line names, or all; exits with status 2 where one is unknown."""
    if unknown := set(arguments.engines) - set(ENGINES):
        parser.error(f"there is no engine {', '.join(sorted(unknown))}")
    return arguments.engines or list(ENGINES)
