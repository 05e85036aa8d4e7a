"""The Milvus store keeps the contract on a real server."""

from collections.abc import Iterator

import pytest

from tests.stores.ahead import Ahead
from tests.stores.contract import StoreContract
from tests.stores.urls import MakeUrl, server_urls


@pytest.fixture
def make_url(milvus: str) -> Iterator[MakeUrl]:
    with server_urls(f"milvus://{milvus}") as make:
        yield make


@pytest.fixture(scope="module")
def ahead(milvus: str) -> Iterator[Ahead]:
    with Ahead(f"milvus://{milvus}") as collections:
        yield collections


class TestMilvusStore(StoreContract):
    """One collection of a real server."""

    @pytest.fixture
    def url(self, request: pytest.FixtureRequest, make_url: MakeUrl, ahead: Ahead) -> Iterator[str]:
        """Return a collection that exists already to a test that needs one, and a new name to any other."""
        if "store" not in request.fixturenames:
            yield make_url("cosine")
            return
        with ahead.one() as url:
            yield url
