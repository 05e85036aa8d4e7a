"""An extractor on the dummy network, a folder of indexed pictures, and search services around them."""

from collections.abc import Iterator

import pytest

from tests.servers.dummy_extractor import dummy_extractor
from tests.servers.process import Service


@pytest.fixture(scope="session")
def extractor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with dummy_extractor(tmp_path_factory.mktemp("extractor") / "log") as service:
        yield service
