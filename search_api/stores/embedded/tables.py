"""The tables in a file: a set of four for every collection, told apart by a number that is never used twice.

``images`` gives every written record a new, ever larger ``seq``; a trigger notes the ``seq`` of every deleted or
replaced one in ``gone``. So a reader that remembers how far it has read can fetch just what changed. ``state`` holds
what is true of the whole collection: ``published`` grows with every publish, ``epoch`` with every event after which
readers must begin anew. ``collections`` says which number a name leads to; the file's own collection has no name.
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
    "CREATE TABLE {gone} (n INTEGER PRIMARY KEY AUTOINCREMENT, seq INTEGER NOT NULL)",
    "CREATE TRIGGER note_{gone} AFTER DELETE ON {images} BEGIN INSERT INTO {gone} (seq) VALUES (old.seq); END",
)


@dataclass(frozen=True)
class Tables:
    """The names of one collection's tables, as they stand in statements."""

    number: int
    state: str
    images: str
    tags: str
    gone: str


def tables_of(number: int) -> Tables:
    """The tables of the collection ``number``; those of number 0 are from before a file held several."""
    end = f"_{number}" if number else ""
    return Tables(number, f"state{end}", f"images{end}", f"tags{end}", f"gone{end}")


def find(connection: sqlite3.Connection, name: str) -> Tables | None:
    """The tables of the collection ``name``."""
    if _exists(connection, "collections"):
        row = connection.execute("SELECT number FROM collections WHERE name = ?", (name,)).fetchone()
        return tables_of(row[0]) if row else None
    return tables_of(0) if not name and _exists(connection, "state") else None


def names(connection: sqlite3.Connection) -> list[str]:
    """Those of all collections, sorted; the file's own is an empty one."""
    if not _exists(connection, "collections"):
        return [""] if _exists(connection, "state") else []
    return [name for (name,) in connection.execute("SELECT name FROM collections ORDER BY name")]


def make(connection: sqlite3.Connection, name: str, state: dict[str, str | int]) -> Tables:
    """New tables for the collection ``name``, which has none."""
    first = 0 if not name and not _exists(connection, "collections") else None  # as in files that held one only
    _number_all(connection)
    number = connection.execute("INSERT INTO collections (number, name) VALUES (?, ?)", (first, name)).lastrowid
    assert number is not None
    tables = tables_of(number)
    for statement in _SCHEMA:
        connection.execute(statement.format(**vars(tables)))
    connection.executemany(f"INSERT INTO {tables.state} VALUES (?, ?)", state.items())
    return tables


def remove(connection: sqlite3.Connection, name: str) -> None:
    """Drop the tables of the collection ``name``."""
    _number_all(connection)
    tables = find(connection, name)
    assert tables is not None
    for table in (tables.tags, tables.images, tables.gone, tables.state):
        connection.execute(f"DROP TABLE {table}")
    connection.execute("DELETE FROM collections WHERE name = ?", (name,))


def exchange(connection: sqlite3.Connection, name: str, other: str) -> None:
    """Let two collections that exist change their names."""
    _number_all(connection)
    numbers = dict(connection.execute("SELECT name, number FROM collections WHERE name IN (?, ?)", (name, other)))
    connection.execute("DELETE FROM collections WHERE name IN (?, ?)", (name, other))
    renamed = [(numbers[name], other), (numbers[other], name)]
    connection.executemany("INSERT INTO collections (number, name) VALUES (?, ?)", renamed)


def matching(tables: Tables, filter: Filter) -> tuple[str, list[str]]:
    """A statement for the seqs of the records that match every key of ``filter``, and its parameters."""
    one_key = f"SELECT seq FROM {tables.tags} WHERE key = ? AND value IN (SELECT value FROM json_each(?))"
    statement = " INTERSECT ".join([one_key] * len(filter)) or f"SELECT seq FROM {tables.images}"
    return statement, [part for key, values in filter.items() for part in (key, listed(values))]


def listed(values: Sequence[str | int]) -> str:
    """``values`` for json_each. It ends a text at a NUL, so such a text would match what it begins with."""
    return json.dumps([value for value in values if not (isinstance(value, str) and "\0" in value)])


def _number_all(connection: sqlite3.Connection) -> None:
    """A file from before it held several collections learns that its own has the number 0."""
    if not _exists(connection, "collections"):
        connection.execute(_COLLECTIONS)
        if _exists(connection, "state"):
            connection.execute("INSERT INTO collections (number, name) VALUES (0, '')")


def _exists(connection: sqlite3.Connection, table: str) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None
