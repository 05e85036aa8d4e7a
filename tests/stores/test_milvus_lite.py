"""The Milvus store keeps the contract on files of milvus-lite, but for what a file refuses: a second process."""

import json
from pathlib import Path

import pytest

from search_api.stores import create_store, open_store, swap_stores
from search_api.stores.base import Store, StoreMissing
from search_api.stores.url import BadStoreUrl, with_collection
from tests.stores.contract import StoreContract
from tests.stores.processes import ask, second_process
from tests.stores.samples import DIM, FINGERPRINT
from tests.stores.urls import MakeUrl, file_urls


@pytest.fixture
def make_url(tmp_path: Path) -> MakeUrl:
    return file_urls("milvus", tmp_path)


class TestMilvusLiteStore(StoreContract):
    """One file on this machine. What it cannot do is refused by name."""

    def test_another_process_sees_what_was_published_without_a_restart(self, store: Store, url: str) -> None:
        """A second process may not have the file, to read it or to write it."""
        for _ in range(2):
            with second_process("following_process", url) as reader:
                name, sentence = json.loads(ask(reader))
            assert name == "StoreUnavailable"
            assert sentence.startswith("Another process has ")
        store.ping()

    def test_one_process_writes_while_another_reads(self, store: Store, url: str) -> None:
        """When the first has closed the file, the second may have it."""
        store.close()
        with second_process("following_process", url) as reader:
            assert json.loads(ask(reader)) == [FINGERPRINT, 0]
        open_store(url).close()

    def test_a_collection_changes_places_with_another_one_only(self, make_url: MakeUrl) -> None:
        url = make_url("cosine")
        other = with_collection(url, "other")
        create_store(url, FINGERPRINT, DIM).close()
        for pair in ((url, other), (other, url)):
            with pytest.raises(StoreMissing):
                swap_stores(*pair)
        with pytest.raises(BadStoreUrl):
            swap_stores(url, url)
        open_store(url).close()

    def test_two_collections_change_places(self, make_url: MakeUrl) -> None:
        """Two of one file do, as CollectionRules show; those of two files do not."""
        urls = [make_url("cosine"), make_url("cosine")]
        for url in urls:
            create_store(url, FINGERPRINT, DIM).close()
        with pytest.raises(BadStoreUrl, match="within one Milvus server or file only"):
            swap_stores(*urls)
