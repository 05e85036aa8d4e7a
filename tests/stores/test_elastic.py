"""The Elasticsearch store keeps the contract, on every release that is supported."""

from collections.abc import Iterator

import pytest

from tests.stores.contract import StoreContract
from tests.stores.urls import MakeUrl, server_urls


@pytest.fixture
def make_url(elasticsearch: str) -> Iterator[MakeUrl]:
    with server_urls(f"elasticsearch://{elasticsearch}") as make:
        yield make


class TestElasticStore(StoreContract):
    """One index of a real server."""
