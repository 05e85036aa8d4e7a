"""The tables in a file: a set of four for every collection, told apart by a number that is never used twice.

``images`` gives every written record a new, ever larger ``seq``; a trigger notes the ``seq`` of every deleted or
replaced one as a tombstone, in ``gone``. So a reader that remembers how far it has read can fetch just what changed.
``state`` holds what is true of the whole collection: ``published`` grows with every publish, ``epoch`` with every event
after which readers must start over. ``collections`` says which number a name leads to; the file's own collection has
the empty name, and the number 0 if it was the first one of its file.
"""

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from search_api.stores.base import Filter

_COLLECTIONS = "CREATE TABLE collections (number INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE)"
_SCHEMA = (
    "CREATE TABLE {state} (key TEXT PRIMARY KEY, value) WITHOUT ROWID",
    """CREATE TABLE {images} (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        file_path TEXT NOT NULL UNIQUE,
        sha256 TEXT NOT NULL,
        metadata TEXT NOT NULL,
        vector BLOB NOT NULL
    )""",
    "CREATE INDEX {images}_by_sha256 ON {images} (sha256)",
    """CREATE TABLE {tags} (
        key TEXT NOT NULL,
        value TEXT NOT NULL,
        seq INTEGER NOT NULL REFERENCES {images} (seq) ON DELETE CASCADE,
        PRIMARY KEY (key, value, seq)
    ) WITHOUT ROWID""",
    "CREATE INDEX {tags}_by_seq ON {tags} (seq)",
    "CREATE TABLE {tombstones} (n INTEGER PRIMARY KEY AUTOINCREMENT, seq INTEGER NOT NULL)",
    "CREATE TRIGGER note_{tombstones} AFTER DELETE ON {images}"
    " BEGIN INSERT INTO {tombstones} (seq) VALUES (old.seq); END",
)


@dataclass(frozen=True)
class Tables:
    """The names of one collection's tables, as they stand in statements."""

    state: str
    images: str
    tags: str
    tombstones: str


def find_tables(connection: sqlite3.Connection, name: str) -> Tables | None:
    """Return the tables of the collection ``name``, None where there is none."""
    if not _has_collections(connection):
        return None
    row = connection.execute("SELECT number FROM collections WHERE name = ?", (name,)).fetchone()
    return _tables_of(row[0]) if row else None


def list_names(connection: sqlite3.Connection) -> list[str]:
    """Return the names of all collections, sorted; that of the file's own is empty."""
    if not _has_collections(connection):
        return []
    return [name for (name,) in connection.execute("SELECT name FROM collections ORDER BY name")]


def create_tables(connection: sqlite3.Connection, name: str, state: dict[str, str | int]) -> None:
    """Create the tables of the collection ``name``, which does not exist yet."""
    number = None  # the next one
    if not _has_collections(connection):
        connection.execute(_COLLECTIONS)
        number = None if name else 0
    number = connection.execute("INSERT INTO collections (number, name) VALUES (?, ?)", (number, name)).lastrowid
    assert number is not None
    tables = _tables_of(number)
    for statement in _SCHEMA:
        connection.execute(statement.format(**vars(tables)))
    connection.executemany(f"INSERT INTO {tables.state} VALUES (?, ?)", state.items())


def drop_tables(connection: sqlite3.Connection, name: str) -> None:
    """Drop the tables of the collection ``name``, which exists."""
    tables = find_tables(connection, name)
    assert tables is not None
    for table in (tables.tags, tables.images, tables.tombstones, tables.state):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("DELETE FROM collections WHERE name = ?", (name,))


def swap_names(connection: sqlite3.Connection, name: str, other: str) -> None:
    """Swap the names of two collections, which both exist."""
    numbers = dict(connection.execute("SELECT name, number FROM collections WHERE name IN (?, ?)", (name, other)))
    connection.execute("DELETE FROM collections WHERE name IN (?, ?)", (name, other))
    renamed = [(numbers[name], other), (numbers[other], name)]
    connection.executemany("INSERT INTO collections (number, name) VALUES (?, ?)", renamed)


def select_matching(tables: Tables, filter: Filter) -> tuple[str, list[str]]:
    """Return a statement for the seqs of the records that match every key of ``filter``, and its parameters."""
    one_key = f"SELECT seq FROM {tables.tags} WHERE key = ? AND value IN (SELECT value FROM json_each(?))"
    statement = " INTERSECT ".join([one_key] * len(filter)) or f"SELECT seq FROM {tables.images}"
    return statement, [part for key, values in filter.items() for part in (key, json_array(values))]


def json_array(values: Sequence[str | int]) -> str:
    """Return ``values`` for json_each, without texts that hold a NUL: it would end them there and match too much."""
    return json.dumps([value for value in values if not (isinstance(value, str) and "\0" in value)])


def _tables_of(number: int) -> Tables:
    suffix = f"_{number}" if number else ""
    return Tables(f"state{suffix}", f"images{suffix}", f"tags{suffix}", f"gone{suffix}")


def _has_collections(connection: sqlite3.Connection) -> bool:
    """Return whether the file has held a collection: without one it is only being created."""
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'collections'").fetchone() is not None
