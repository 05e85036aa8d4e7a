"""The store of a running service: opened once it exists, and opened again after it was replaced."""

from pathlib import Path

import pytest

from search_api.stores import create_store, drop_store
from search_api.stores.base import Search, StoreMissing, StoreUnavailable
from search_api.stores.lazy import LazyStore
from tests.stores.samples import DIM, FINGERPRINT, QUERY, record


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"embedded://{tmp_path}/images.db"


def create(url: str, fingerprint: str, count: int) -> None:
    store = create_store(url, fingerprint, DIM)
    store.upsert([record(f"{number}.jpg") for number in range(count)])
    store.publish()
    store.close()


def test_a_collection_is_opened_once_it_exists(url: str) -> None:
    lazy = LazyStore(url)
    with pytest.raises(StoreMissing):
        lazy.get()
    create(url, FINGERPRINT, 2)
    store = lazy.get()
    assert store.count() == 2
    assert lazy.get() is store
    store.close()


def test_a_collection_that_was_dropped_is_missing_and_the_next_one_is_opened(url: str) -> None:
    lazy = LazyStore(url)
    create(url, FINGERPRINT, 3)
    assert lazy.get().search(Search(QUERY)).total == 3
    drop_store(url)
    for _ in range(2):
        with pytest.raises(StoreMissing):
            lazy.get()
    create(url, "another:model", 1)
    store = lazy.get()
    assert (store.fingerprint, store.search(Search(QUERY)).total) == ("another:model", 1)
    store.close()


def test_a_collection_that_was_replaced_between_two_calls_is_opened_again(url: str) -> None:
    lazy = LazyStore(url)
    for turn in range(1, 5):  # each file may get the inode that the last one has left
        create(url, f"model:{turn}", turn)
        store = lazy.get()
        assert (store.fingerprint, store.search(Search(QUERY)).total) == (f"model:{turn}", turn)
        drop_store(url)
    store.close()


def test_another_file_at_its_path_is_refused(url: str, tmp_path: Path) -> None:
    lazy = LazyStore(url)
    create(url, FINGERPRINT, 1)
    lazy.get()
    drop_store(url)
    (tmp_path / "images.db").write_text("no index at all" * 100)
    with pytest.raises(StoreUnavailable, match="not a readable index"):
        lazy.get()
