"""Several collections in one file of the embedded store."""

import sqlite3
from pathlib import Path

import pytest

from search_api.stores import create_store, drop_store, open_store, swap_stores
from search_api.stores.base import Search, StoreMissing, StoreUnavailable
from search_api.stores.url import BadStoreUrl, with_collection
from tests.stores.samples import DIM, FINGERPRINT, QUERY, record


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"embedded://{tmp_path}/images.db"


def paths(url: str) -> list[str]:
    store = open_store(url)
    found = [hit.file_path for hit in store.search(Search(QUERY)).hits]
    store.close()
    return found


def fill(url: str, name: str) -> None:
    store = create_store(url, FINGERPRINT, DIM)
    store.upsert([record(name)])
    store.publish()
    store.close()


def tables(url: str) -> dict[str, set[str]]:
    """By the name of every collection in the file, the tables that hold records and state."""
    connection = sqlite3.connect(url.removeprefix("embedded://"))
    assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    assert connection.execute("PRAGMA application_id").fetchone() == (0x696D6773,)
    collections = dict(connection.execute("SELECT name, number FROM collections"))
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    found = {name for (name,) in rows} - {"collections"}
    connection.close()
    numbered = {name: {one for one in found if one.endswith(f"_{number}")} for name, number in collections.items()}
    plain = [name for name, number in collections.items() if number == 0]
    return numbered | {name: {one for one in found if "_" not in one} for name in plain}


def test_a_files_first_collection_has_plain_table_names_and_others_a_number(url: str) -> None:
    other = with_collection(url, "other")
    fill(url, "own.jpg")
    fill(other, "other.jpg")
    plain, numbered = {"state", "images", "tags", "gone"}, {"state_1", "images_1", "tags_1", "gone_1"}
    assert tables(url) == {"": plain, "other": numbered}
    swap_stores(url, other)
    assert tables(url) == {"": numbered, "other": plain}
    assert (paths(url), paths(other)) == (["other.jpg"], ["own.jpg"])
    drop_store(other)
    fill(other, "other.jpg")
    assert tables(url) == {"": numbered, "other": {"state_2", "images_2", "tags_2", "gone_2"}}


def test_a_named_collection_that_is_a_files_first_has_a_number_too(url: str) -> None:
    fill(with_collection(url, "other"), "other.jpg")
    fill(url, "own.jpg")
    assert tables(url).keys() == {"", "other"}
    assert tables(url)["other"] == {"state_1", "images_1", "tags_1", "gone_1"}
    assert tables(url)[""] == {"state_2", "images_2", "tags_2", "gone_2"}


def test_the_last_collection_takes_the_file_with_it(url: str, tmp_path: Path) -> None:
    fill(url, "own.jpg")
    fill(with_collection(url, "other"), "other.jpg")
    drop_store(url)
    assert paths(with_collection(url, "other")) == ["other.jpg"]
    drop_store(with_collection(url, "other"))
    assert list(tmp_path.iterdir()) == []


def test_a_store_whose_collection_was_dropped_says_so_and_never_sees_the_next_one(url: str) -> None:
    fill(url, "own.jpg")
    other = with_collection(url, "other")
    fill(other, "first.jpg")
    store = open_store(other)
    drop_store(other)
    fill(other, "second.jpg")
    assert store.stale
    with pytest.raises(StoreMissing, match=r"was dropped while it was open: open it again\.$"):
        store.search(Search(QUERY))
    with pytest.raises(StoreUnavailable):
        store.upsert([record("third.jpg")])
    store.close()
    assert paths(other) == ["second.jpg"]


def test_files_with_several_collections_are_not_swapped(url: str, tmp_path: Path) -> None:
    fill(url, "own.jpg")
    fill(with_collection(url, "other"), "other.jpg")
    next_url = f"embedded://{tmp_path}/next.db"
    fill(next_url, "next.jpg")
    for one, two in ((url, next_url), (next_url, url), (next_url, with_collection(url, "other"))):
        with pytest.raises(BadStoreUrl, match=r"name two collections of one file with \?collection=\.$"):
            swap_stores(one, two)
    assert (paths(url), paths(next_url)) == (["own.jpg"], ["next.jpg"])


def test_a_collection_is_not_swapped_with_itself(url: str) -> None:
    fill(with_collection(url, "other"), "other.jpg")
    with pytest.raises(BadStoreUrl, match="cannot be swapped with itself"):
        swap_stores(with_collection(url, "other"), with_collection(url, "other"))
    with pytest.raises(StoreMissing):
        swap_stores(with_collection(url, "other"), with_collection(url, "absent"))
