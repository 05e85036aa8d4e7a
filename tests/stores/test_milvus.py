"""The Milvus store keeps the contract on a real server."""

from collections.abc import Iterator

import pytest

from tests.stores.contract import StoreContract
from tests.stores.urls import MakeUrl, server_urls


@pytest.fixture
def make_url(milvus: str) -> Iterator[MakeUrl]:
    with server_urls(f"milvus://{milvus}") as make:
        yield make


class TestMilvusStore(StoreContract):
    """One collection of a real server."""
