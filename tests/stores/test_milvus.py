"""The Milvus store keeps the contract on a real server."""

import secrets
from collections.abc import Iterator
from contextlib import suppress

import pytest

from search_api.stores import drop_store
from search_api.stores.base import Metric, StoreMissing
from tests.stores.contract import StoreContract
from tests.stores.urls import MakeUrl


@pytest.fixture
def make_url(milvus: str) -> Iterator[MakeUrl]:
    urls = []

    def make(metric: Metric) -> str:
        urls.append(f"milvus://{milvus}/contract_{secrets.token_hex(6)}")
        return f"{urls[-1]}?metric={metric}".removesuffix("?metric=cosine")

    yield make
    for url in urls:
        with suppress(StoreMissing):
            drop_store(url)


class TestMilvusStore(StoreContract):
    """One collection of a real server."""
