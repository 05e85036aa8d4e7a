"""Several collections in one file of the embedded store, and files from before there could be several."""

import json
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from search_api.stores import collection_names, create_store, drop_store, open_store, swap_stores
from search_api.stores.base import Search, StoreMissing, StoreUnavailable, image_id
from search_api.stores.url import BadStoreUrl, with_collection
from tests.stores.samples import DIM, FINGERPRINT, QUERY, record

_OLD_SCHEMA = """
CREATE TABLE state (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
CREATE TABLE images (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, file_path TEXT NOT NULL UNIQUE,
    sha256 TEXT NOT NULL, metadata TEXT NOT NULL, vector BLOB NOT NULL
);
CREATE INDEX images_by_sha256 ON images (sha256);
CREATE TABLE tags (
    key TEXT NOT NULL, value TEXT NOT NULL, seq INTEGER NOT NULL REFERENCES images (seq) ON DELETE CASCADE,
    PRIMARY KEY (key, value, seq)
) WITHOUT ROWID;
CREATE INDEX tags_by_seq ON tags (seq);
CREATE TABLE gone (n INTEGER PRIMARY KEY AUTOINCREMENT, seq INTEGER NOT NULL);
CREATE TRIGGER note_gone AFTER DELETE ON images BEGIN INSERT INTO gone (seq) VALUES (old.seq); END;
"""


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"embedded://{tmp_path}/images.db"


@pytest.fixture
def old_url(tmp_path: Path, url: str) -> str:
    """A file as it was written when a file was one collection, with one record."""
    connection = sqlite3.connect(tmp_path / "images.db")
    connection.executescript(_OLD_SCHEMA)
    state = {"fingerprint": FINGERPRINT, "metric": "cosine", "dim": DIM, "published": 1, "epoch": 0}
    connection.executemany("INSERT INTO state VALUES (?, ?)", state.items())
    row = (image_id("old.jpg"), "old.jpg", "a" * 64, json.dumps({"kind": "x"}), np.ones(DIM, "<f4").tobytes())
    connection.execute("INSERT INTO images (id, file_path, sha256, metadata, vector) VALUES (?, ?, ?, ?, ?)", row)
    connection.execute("INSERT INTO tags VALUES ('kind', 'x', 1)")
    connection.execute("PRAGMA user_version = 1")
    connection.execute(f"PRAGMA application_id = {0x696D6773}")
    connection.commit()
    connection.close()
    return url


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


def test_a_file_from_before_there_were_collections_goes_on_working(old_url: str) -> None:
    assert (paths(old_url), collection_names(old_url)) == (["old.jpg"], [])
    store = create_store(old_url, FINGERPRINT, DIM)
    assert store.count({"kind": ["x"]}) == 1
    fill(with_collection(old_url, "other"), "other.jpg")
    assert not store.stale
    store.upsert([record("new.jpg")])
    store.publish()
    store.close()
    assert sorted(paths(old_url)) == ["new.jpg", "old.jpg"]
    assert collection_names(old_url) == ["other"]


def test_a_file_from_before_there_were_collections_changes_places_with_a_new_one(old_url: str) -> None:
    other = with_collection(old_url, "other")
    fill(other, "other.jpg")
    swap_stores(old_url, other)
    assert (paths(old_url), paths(other)) == (["other.jpg"], ["old.jpg"])


def test_the_last_collection_takes_the_file_with_it(url: str, tmp_path: Path) -> None:
    fill(url, "own.jpg")
    fill(with_collection(url, "other"), "other.jpg")
    drop_store(url)
    assert paths(with_collection(url, "other")) == ["other.jpg"]
    drop_store(with_collection(url, "other"))
    assert list(tmp_path.iterdir()) == []


def test_whoever_had_a_dropped_collection_open_is_told_so_and_never_sees_the_next_one(url: str) -> None:
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


def test_files_with_several_collections_do_not_change_places(url: str, tmp_path: Path) -> None:
    fill(url, "own.jpg")
    fill(with_collection(url, "other"), "other.jpg")
    next_url = f"embedded://{tmp_path}/next.db"
    fill(next_url, "next.jpg")
    for one, two in ((url, next_url), (next_url, url), (next_url, with_collection(url, "other"))):
        with pytest.raises(BadStoreUrl, match=r"name two collections of one file with \?collection=\.$"):
            swap_stores(one, two)
    assert (paths(url), paths(next_url)) == (["own.jpg"], ["next.jpg"])


def test_a_collection_and_itself_do_not_change_places(url: str) -> None:
    fill(with_collection(url, "other"), "other.jpg")
    with pytest.raises(BadStoreUrl, match="need two places"):
        swap_stores(with_collection(url, "other"), with_collection(url, "other"))
    with pytest.raises(StoreMissing):
        swap_stores(with_collection(url, "other"), with_collection(url, "absent"))
