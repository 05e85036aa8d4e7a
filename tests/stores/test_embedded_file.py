"""What the path of an embedded store may lead to, and what is said about it."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from search_api.stores import create_store, drop_store, open_store
from search_api.stores.base import Search, StoreMissing, StoreTimeout, StoreUnavailable
from search_api.stores.embedded import database
from tests.paths import ROOT
from tests.permissions import minding_permissions
from tests.stores.samples import DIM, FINGERPRINT, QUERY, record

PAGE = 16_384


def create(path: Path, count: int = 0) -> str:
    url = f"embedded://{path}"
    store = create_store(url, FINGERPRINT, DIM)
    store.upsert([record(f"{number}.jpg") for number in range(count)])
    store.publish()
    store.close()
    return url


def run_sql(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def other_application(path: Path) -> None:
    run_sql(path, "CREATE TABLE recipes (name)", "INSERT INTO recipes VALUES ('soup')")


def newer_schema(path: Path) -> None:
    create(path)
    run_sql(path, "PRAGMA user_version = 2")


def below_a_file(path: Path) -> None:
    path.parent.rmdir()
    path.parent.write_text("")


_UNUSABLE: dict[str, Callable[[Path], object]] = {
    "text": lambda path: path.write_text("These are not the bytes of a database. " * 100),
    "other application": other_application,
    "newer schema": newer_schema,
    "folder": lambda path: path.mkdir(),
    "below a file": below_a_file,
}


@pytest.mark.parametrize("make", _UNUSABLE.values(), ids=_UNUSABLE)
@pytest.mark.parametrize("use", [open_store, lambda url: create_store(url, FINGERPRINT, DIM), drop_store])
def test_what_is_no_index_is_refused_with_a_sentence_and_left_alone(
    tmp_path: Path, make: Callable[[Path], object], use: Callable[[str], object]
) -> None:
    path = tmp_path / "folder" / "images.db"
    path.parent.mkdir()
    make(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(StoreUnavailable, match=rf"(?s)^[^\n]*{path}[^\n]*\.$"):
        use(f"embedded://{path}")
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_corrupted_index_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "images.db"
    url = create(path, 2_000)
    data = bytearray(path.read_bytes())
    for page in range(len(data) // PAGE // 2, len(data) // PAGE):
        data[page * PAGE : page * PAGE + 100] = b"\xff" * 100
    path.write_bytes(data)
    store = open_store(url)
    with pytest.raises(StoreUnavailable, match=r"images\.db is not a readable index .*backup\.$"):
        store.search(Search(QUERY))
    with pytest.raises(StoreUnavailable):
        list(store.scan())
    store.close()


def test_an_index_that_is_cut_short_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "images.db"
    url = create(path, 500)
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(StoreUnavailable, match=r"\.$"):
        open_store(url).search(Search(QUERY))


_TRIES = """
import sys
from search_api.stores import create_store, open_store
from search_api.stores.base import StoreUnavailable
from tests.stores.samples import record
try:
    exec(sys.argv[2], globals() | {"url": sys.argv[1]})
except StoreUnavailable as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("exists", "code"),
    [
        (False, 'create_store(url, "a:model", 4)'),
        (True, "open_store(url).upsert([record('a.jpg')])"),
    ],
)
def test_a_folder_that_cannot_be_written_to_is_refused_with_a_sentence(tmp_path: Path, exists: bool, code: str) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    if exists:
        create(folder / "images.db", 3)
    for path in (*folder.iterdir(), folder):
        path.chmod(0o500 if path.is_dir() else 0o400)
    command = minding_permissions([sys.executable, "-c", _TRIES, f"embedded://{folder}/images.db", code])
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    folder.chmod(0o700)
    assert done.stderr == ""
    assert done.stdout.endswith(": check the disk and its permissions.\n")


def test_a_writer_that_keeps_the_lock_is_a_timeout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_LOCK_SECONDS", 0.2)
    path = tmp_path / "images.db"
    store = open_store(create(path, 3))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreTimeout, match=r"locked by another writer for 0\.2 s\.$"):
        store.upsert([record("new.jpg")])
    assert store.search(Search(QUERY)).total == 3, "readers never wait for a writer"
    other.execute("ROLLBACK")
    other.close()
    store.upsert([record("new.jpg")])
    assert store.count() == 4
    store.close()


def test_missing_folders_are_made(tmp_path: Path) -> None:
    store = open_store(create(tmp_path / "some" / "folders" / "images.db", 1))
    assert store.count() == 1
    store.close()


def test_dropping_leaves_no_file_behind(tmp_path: Path) -> None:
    url = create(tmp_path / "images.db", 10)
    still_open = open_store(url)
    still_open.search(Search(QUERY))
    drop_store(url)
    assert list(tmp_path.iterdir()) == []
    still_open.close()
    with pytest.raises(StoreMissing):
        drop_store(url)
