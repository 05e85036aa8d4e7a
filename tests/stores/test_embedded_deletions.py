"""Tombstones, by which readers follow deletions, do not pile up for ever, and no reader misses one that was cut off."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from search_api.stores import create_store, open_store
from search_api.stores.base import Search, Store, image_id
from search_api.stores.embedded import store as embedded
from tests.stores.samples import DIM, FINGERPRINT, QUERY, at_cosine, record

_MAX_TOMBSTONES = 20


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "images.db"


@pytest.fixture
def writer(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(embedded, "_MAX_TOMBSTONES", _MAX_TOMBSTONES)
    store = create_store(f"embedded://{path}", FINGERPRINT, DIM)
    yield store
    store.close()


def tombstones(path: Path) -> int:
    connection = sqlite3.connect(path)
    (count,) = connection.execute("SELECT count(*) FROM gone").fetchone()
    connection.close()
    return int(count)


def names(store: Store) -> set[str]:
    return {hit.file_path for hit in store.search(Search(QUERY, limit=100)).hits}


def test_replacing_the_same_records_for_ever_keeps_tombstones_few(writer: Store, path: Path) -> None:
    longest = 0
    for turn in range(30):
        writer.upsert([record(f"{number}.jpg", at_cosine(number / 10), turn=turn) for number in range(5)])
        writer.publish()
        longest = max(longest, tombstones(path))
    assert 0 < longest <= _MAX_TOMBSTONES


def test_readers_that_were_behind_when_tombstones_were_cut_catch_up(writer: Store, path: Path) -> None:
    early, late = open_store(f"embedded://{path}"), open_store(f"embedded://{path}")
    writer.upsert([record(f"{number}.jpg") for number in range(60)])
    writer.publish()
    assert len(names(early)) == len(names(late)) == 60
    kept = {f"{number}.jpg" for number in range(60)}
    for start in (0, 15, 30):
        batch = [f"{number}.jpg" for number in range(start, start + 15)]
        writer.delete(ids=[image_id(name) for name in batch])
        writer.upsert([record(f"new {start}.jpg")])
        writer.publish()
        kept = kept - set(batch) | {f"new {start}.jpg"}
        assert names(early) == kept
    assert tombstones(path) < 45, "they were cut"
    assert names(late) == names(writer) == kept
    early.close()
    late.close()


def test_clearing_deletes_all_tombstones(writer: Store, path: Path) -> None:
    reader = open_store(f"embedded://{path}")
    writer.upsert([record(f"{number}.jpg") for number in range(10)])
    writer.publish()
    assert len(names(reader)) == 10
    writer.clear()
    assert tombstones(path) == 0
    writer.upsert([record("after.jpg")])
    writer.publish()
    assert names(reader) == {"after.jpg"}
    reader.close()
