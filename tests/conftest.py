"""What every test may use: the shared images and weights, sample photos, and the rule about skips."""

import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from scripts.sample import bundled_photographs
from tests import tiers
from tests.paths import SHARED
from tests.servers.dummy_extractor import dummy_extractor
from tests.servers.elasticsearch import RELEASES, Elasticsearch
from tests.servers.milvus import Milvus
from tests.servers.process import Service


def pytest_configure(config: pytest.Config) -> None:
    """Declare the mark of the full tier; ``pytest --markers`` shows its reasons."""
    reasons = "; ".join(f"{name}: {what}" for name, what in tiers.REASONS.items())
    config.addinivalue_line("markers", f"full(*reasons): only in the full tier, by tests/tiers.py. {reasons}.")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With REQUIRE_ALL=1 a skip is a failure."""
    report = yield
    if report.skipped and os.environ.get("REQUIRE_ALL") == "1" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and REQUIRE_ALL=1 forbids it: {report.longrepr}"
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests of the full tier; where several workers share the tests, those of one server go to one of them."""
    config.stash[tiers.ALL_TESTS] = list(items)
    for item in items:
        if reasons := tiers.reasons_of(item):
            item.add_marker(pytest.mark.full(*sorted(reasons)))
        item.add_marker(pytest.mark.xdist_group(_server_of(item) or item.path.parent.name))


def _server_of(item: pytest.Item) -> str:
    """The server that a test needs: Milvus can run once on a machine, Elasticsearch takes long to start."""
    if "milvus" in (*getattr(item, "fixturenames", ()), item.path.parent.name):
        return "milvus"
    release = item.callspec.params.get("elasticsearch") if hasattr(item, "callspec") else None
    return f"elasticsearch {release}" if release else ""


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """Path of a file or folder of the shared test data; skips where it is absent."""

    def find(name: str) -> Path:
        path = SHARED / name
        if not path.exists():
            pytest.skip(f"{path} is absent: this test needs the shared test data")
        return path

    return find


@pytest.fixture(scope="session")
def photographs() -> list[Path]:
    """Six photographs that come with scikit-image."""
    some = ("astronaut.png", "chelsea.png", "coffee.png", "motorcycle_left.png", "rocket.jpg", "camera.png")
    return sorted((path for path in bundled_photographs() if path.name in some), key=lambda path: some.index(path.name))


@pytest.fixture(scope="session")
def extractor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """An extractor whose model is a dummy: quick, and the same image has the same vector."""
    with dummy_extractor(tmp_path_factory.mktemp("extractor") / "log") as service:
        yield service


_GIVEN = os.environ.get("TEST_ELASTICSEARCH_URL", "")


@pytest.fixture(scope="session", params=["given"] if _GIVEN else list(RELEASES))
def elasticsearch(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """``host:port`` of a running Elasticsearch without security: each release in turn, or TEST_ELASTICSEARCH_URL."""
    if _GIVEN:
        yield _GIVEN.removeprefix("http://").rstrip("/")
        return
    with Elasticsearch(request.param, tmp_path_factory.mktemp(f"elasticsearch-{request.param}")) as server:
        yield server.address


@pytest.fixture(scope="session")
def milvus_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Milvus]:
    """A running Milvus without security. There can be only one, so who stops it starts it again."""
    with Milvus(tmp_path_factory.mktemp("milvus")) as server:
        yield server


@pytest.fixture(scope="session")
def milvus(request: pytest.FixtureRequest) -> str:
    """``host:port`` of a running Milvus without security, or TEST_MILVUS_URL."""
    if given := os.environ.get("TEST_MILVUS_URL"):
        return given.removeprefix("http://").rstrip("/")
    server = request.getfixturevalue("milvus_server")
    assert isinstance(server, Milvus)
    return server.address
