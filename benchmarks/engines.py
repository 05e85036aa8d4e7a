"""The engines that benchmarks run on: each started for the benchmark, with nothing in it, and stopped again."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psutil
import requests

from tests.servers.elasticsearch import Elasticsearch

_SERVER_HEAP = "2g"


@dataclass(frozen=True)
class Place:
    """Where a collection is to be, the process that keeps it, and the folder it is in.

    ``settle`` lets the engine put into its files what it still has in a log.
    """

    url: str
    process: psutil.Process
    folder: Path
    settle: Callable[[], object]


@contextmanager
def _embedded(folder: Path) -> Iterator[Place]:
    yield Place(f"embedded://{folder}/images.db", psutil.Process(), folder, lambda: None)


def _elasticsearch(release: str) -> Callable[[Path], AbstractContextManager[Place]]:
    @contextmanager
    def start(folder: Path) -> Iterator[Place]:
        with Elasticsearch(release, folder, heap=_SERVER_HEAP, quick_start=False) as server:
            flush = partial(requests.post, f"http://{server.address}/_flush", timeout=600)
            url = f"elasticsearch://{server.address}/images"
            yield Place(url, psutil.Process(server.pid), folder / "data", flush)

    return start


ENGINES = {
    "embedded": _embedded,
    "elasticsearch-8": _elasticsearch("8"),
    "elasticsearch-9": _elasticsearch("9"),
}
