"""Collections of a real Milvus server, and of files of milvus-lite."""

import secrets
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pymilvus import MilvusClient

from search_api.stores import create_store, drop_store
from search_api.stores.base import METRICS, Store, StoreMissing
from search_api.stores.milvus.expressions import VECTOR
from tests.ingest.watching import wait_until
from tests.stores.comparing import Couple, coupled, records
from tests.stores.samples import DIM, FINGERPRINT


@pytest.fixture
def name() -> str:
    """The name of a collection that does not exist yet."""
    return f"images_{secrets.token_hex(4)}"


@pytest.fixture
def url(milvus: str, name: str) -> Iterator[str]:
    """A collection of the server that does not exist yet."""
    yield f"milvus://{milvus}/{name}"
    with suppress(StoreMissing):
        drop_store(f"milvus://{milvus}/{name}")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of milvus-lite that does not exist yet."""
    return tmp_path / "images.db"


@pytest.fixture(params=["server", "file"])
def any_url(request: pytest.FixtureRequest) -> str:
    """A collection that does not exist yet, of a server and then of a file."""
    if request.param == "file":
        return f"milvus://{request.getfixturevalue('file')}"
    return str(request.getfixturevalue("url"))


@pytest.fixture
def any_store(any_url: str) -> Iterator[Store]:
    """A created, empty collection of each kind."""
    store = create_store(any_url, FINGERPRINT, DIM)
    yield store
    store.close()


@pytest.fixture(scope="package", params=METRICS)
def couple(request: pytest.FixtureRequest, milvus: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Couple]:
    """The embedded store and Milvus with the same 20,000 records, not to be changed."""
    url = f"milvus://{milvus}/compared_{secrets.token_hex(4)}?metric={request.param}"
    with coupled(url, tmp_path_factory.mktemp("ours")) as couple:
        yield couple


@pytest.fixture(scope="package", params=METRICS)
def graph(request: pytest.FixtureRequest, milvus: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Couple]:
    """The same, but that Milvus has the vectors in an HNSW graph."""
    url = f"milvus://{milvus}/graph_{secrets.token_hex(4)}?metric={request.param}&index=hnsw"
    with coupled(url, tmp_path_factory.mktemp("graph")) as couple:
        _build_graph(milvus, str(couple.theirs.details()["collection"]))
        yield couple


def _build_graph(milvus: str, collection: str) -> None:
    """Rows that have just come are compared one by one; Milvus puts them into the graph when it has time."""
    client = MilvusClient(f"http://{milvus}", dedicated=True)
    client.flush(collection)
    wait_until(lambda: client.describe_index(collection, VECTOR)["indexed_rows"] >= len(records()))
    client.release_collection(collection)
    client.load_collection(collection)
    client.close()


@pytest.fixture
def dumb_address() -> Iterator[str]:
    """``host:port`` of something that takes connections and is no Milvus."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Quiet)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


class _Quiet(BaseHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
