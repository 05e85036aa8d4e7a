"""One extractor on the dummy network for all runs, and a new store for each test."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from search_api.stores import create_store
from search_api.stores.base import Store
from tests.extractor.dummy import FINGERPRINT, MODEL
from tests.ingest.command import Ingest
from tests.servers.dummy_extractor import dummy_extractor
from tests.servers.process import Service


@pytest.fixture(scope="session", autouse=True)
def ctrl_c_works() -> None:
    """A shell starts background jobs with SIGINT ignored, and runs that tests start would inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    return f"embedded://{tmp_path}/index/images.db"


@pytest.fixture
def ingest(extractor: Service, store_url: str) -> Ingest:
    return Ingest(store_url, extractor.url)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The image root of a test, empty."""
    path = tmp_path / "photos"
    path.mkdir()
    return path


@pytest.fixture(scope="session")
def slow_extractor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """An extractor that waits a moment before every batch, so that runs can be disturbed."""
    log = tmp_path_factory.mktemp("slow extractor") / "log"
    with dummy_extractor(log, seconds_a_batch=0.03) as service:
        yield service


@pytest.fixture
def slow_ingest(slow_extractor: Service, store_url: str) -> Ingest:
    return Ingest(store_url, slow_extractor.url)


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty collection of the dummy network's vectors."""
    store = create_store(store_url, str(FINGERPRINT), MODEL.dim)
    yield store
    store.close()
