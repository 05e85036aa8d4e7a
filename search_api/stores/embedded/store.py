"""The embedded store: records in SQLite, their vectors in memory as well; a search asks both."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from search_api.stores.base import (
    Filter,
    Hits,
    Metric,
    Record,
    Search,
    Store,
    StoreTimeout,
    StoreUnavailable,
    as_text,
)
from search_api.stores.checks import check_query, check_records
from search_api.stores.embedded.database import Database, files_of, missing
from search_api.stores.embedded.flat_index import FlatQuery
from search_api.stores.embedded.index import MemoryIndex
from search_api.stores.embedded.tables import Tables, find_tables, json_array, select_matching
from search_api.stores.scoring import as_hit

_SCAN_ROWS = 1_000
_MAX_TOMBSTONES = 100_000  # more of them cost readers more than reading everything again


class EmbeddedStore(Store):
    """A collection in a file, open in any number of threads and processes; mode ann is exact too."""

    def __init__(self, database: Database, name: str) -> None:
        """Open the collection ``name`` of ``database``; raises StoreMissing."""
        self._database = database
        self._name = name
        with database.reading() as connection:
            tables = find_tables(connection, name)
            if tables is None:
                raise missing(database.path, name)
            state = dict(connection.execute(f"SELECT key, value FROM {tables.state}"))
        self._tables = tables
        self.fingerprint = str(state["fingerprint"])
        self.metric = cast(Metric, state["metric"])
        self.dim = int(state["dim"])
        self._index = MemoryIndex(tables, self.metric, self.dim)
        self._refreshing = threading.Lock()

    def upsert(self, records: Sequence[Record]) -> None:
        vectors = check_records(records, self.dim)
        with self._database.writing() as connection:
            for record, vector in zip(records, vectors, strict=True):
                _insert(connection, self._tables, record, vector.astype("<f4").tobytes())

    def publish(self) -> None:
        with self._database.writing() as connection:
            connection.execute(f"UPDATE {self._tables.state} SET value = value + 1 WHERE key = 'published'")
            (count,) = connection.execute(f"SELECT count(*) FROM {self._tables.tombstones}").fetchone()
            if count > _MAX_TOMBSTONES:
                _start_epoch(connection, self._tables)

    def search(self, search: Search) -> Hits:
        check_query(search.vector, self.dim)
        # A filter is matched in the file as it is now, so it needs the newest snapshot. Without one the published state
        # answers, unless records of the page have been deleted or replaced since.
        newest = bool(search.filter or search.exclude)
        hits = self._search(search, newest=newest) or self._search(search, newest=True)
        if hits is None:
            raise StoreUnavailable(f"{self._database.path} changes under the reader: is it on a network disk?")
        return hits

    def _search(self, search: Search, *, newest: bool) -> Hits | None:
        with self._database.reading() as connection:
            with self._refreshing:  # the first read fixes what the connection sees: never older than the snapshot
                snapshot = self._index.newest_snapshot_of(connection) if newest else self._index.snapshot_of(connection)
            allowed = _allowed(connection, self._tables, search.filter) if search.filter else None
            excluded = list(_rows(connection, self._tables, "id", search.exclude, with_vectors=False))
            query = FlatQuery(search.vector, search.threshold, search.offset, search.limit, allowed, excluded)
            ranked = snapshot.search(query)
            seqs = ranked.seqs.tolist()
            rows = _rows(connection, self._tables, "seq", seqs, with_vectors=False)
        if len(rows) < len(seqs):
            return None
        pairs = zip(seqs, ranked.values.tolist(), strict=True)
        return Hits([as_hit(rows[seq], value, self.metric) for seq, value in pairs], ranked.total, "eq")

    def get(self, ids: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        return self._select("id", ids, with_vectors)

    def by_path(self, paths: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        return self._select("file_path", paths, with_vectors)

    def by_sha256(self, digests: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        return self._select("sha256", digests, with_vectors)

    def delete(self, *, ids: Sequence[str] = (), filter: Filter | None = None) -> int:
        with self._database.writing() as connection:
            if filter is not None:
                condition, values = select_matching(self._tables, filter)
                statement = f"DELETE FROM {self._tables.images} WHERE seq IN ({condition})"
                return connection.execute(statement, values).rowcount
            statement = f"DELETE FROM {self._tables.images} WHERE id IN (SELECT value FROM json_each(?))"
            return connection.execute(statement, (json_array(ids),)).rowcount

    def clear(self) -> int:
        with self._database.writing() as connection:
            (count,) = connection.execute(f"SELECT count(*) FROM {self._tables.images}").fetchone()
            connection.execute(f"DELETE FROM {self._tables.images}")
            _start_epoch(connection, self._tables)
        return int(count)

    def count(self, filter: Filter | None = None) -> int:
        condition, values = select_matching(self._tables, filter or {})
        source = f"({condition})" if filter else self._tables.images
        with self._database.connection() as connection:
            return int(connection.execute(f"SELECT count(*) FROM {source}", values).fetchone()[0])

    def browse(
        self, *, filter: Filter | None = None, after: str = "", offset: int = 0, limit: int = 10
    ) -> list[Record]:
        condition, values = select_matching(self._tables, filter or {})
        within = f"AND seq IN ({condition})" if filter else ""
        statement = (
            f"SELECT {_columns(with_vectors=False)} FROM {self._tables.images} WHERE id > ? {within}"
            " ORDER BY id LIMIT ? OFFSET ?"
        )
        with self._database.connection() as connection:
            return [_record(row) for row in connection.execute(statement, (after, *values, limit, offset))]

    def scan(self, *, with_vectors: bool = True) -> Iterator[Record]:
        with self._database.reading() as connection:  # one state throughout; writers go on beside it
            rows = connection.execute(f"SELECT {_columns(with_vectors)} FROM {self._tables.images} ORDER BY seq")
            while batch := rows.fetchmany(_SCAN_ROWS):
                yield from map(_record, batch)

    def ping(self) -> None:
        if self.stale:
            raise StoreUnavailable(f"{self._database.path} was removed or replaced.")
        self.count()

    def close(self) -> None:
        self._database.close()

    def details(self) -> dict[str, str | int]:
        on_disk = sum(path.stat().st_size for path in files_of(self._database.path) if path.exists())
        details: dict[str, str | int] = {"engine": "embedded", "file": str(self._database.path), "bytes": on_disk}
        return details | ({"collection": self._name} if self._name else {})

    @property
    def stale(self) -> bool:
        if self._database.replaced:
            return True
        try:
            with self._database.connection() as connection:
                return find_tables(connection, self._name) != self._tables
        except (StoreUnavailable, StoreTimeout):  # the next call of the store says so
            return False

    def _select(self, column: str, values: Sequence[str], with_vectors: bool) -> list[Record]:
        with self._database.connection() as connection:
            return list(_rows(connection, self._tables, column, values, with_vectors=with_vectors).values())


def _start_epoch(connection: sqlite3.Connection, tables: Tables) -> None:
    """Delete the tombstones, so that every reader starts over."""
    connection.execute(f"DELETE FROM {tables.tombstones}")
    connection.execute(f"UPDATE {tables.state} SET value = value + 1 WHERE key IN ('epoch', 'published')")


def _insert(connection: sqlite3.Connection, tables: Tables, record: Record, vector: bytes) -> None:
    connection.execute(
        f"DELETE FROM {tables.images} WHERE id = ?", (record.id,)
    )  # so that the trigger writes a tombstone
    metadata = json.dumps(dict(record.metadata), ensure_ascii=False)
    seq = connection.execute(
        f"INSERT INTO {tables.images} (id, file_path, sha256, metadata, vector) VALUES (?, ?, ?, ?, ?)",
        (record.id, record.file_path, record.sha256, metadata, vector),
    ).lastrowid
    tags = [(key, as_text(value), seq) for key, value in record.metadata.items()]
    connection.executemany(f"INSERT INTO {tables.tags} (key, value, seq) VALUES (?, ?, ?)", tags)


def _allowed(connection: sqlite3.Connection, tables: Tables, filter: Filter) -> NDArray[np.int64]:
    """Return the ascending seqs of the records that match ``filter``."""
    return np.array(sorted(seq for (seq,) in connection.execute(*select_matching(tables, filter))), np.int64)


def _rows(
    connection: sqlite3.Connection, tables: Tables, column: str, values: Sequence[str | int], *, with_vectors: bool
) -> dict[int, Record]:
    statement = (
        f"SELECT {_columns(with_vectors)} FROM {tables.images} WHERE {column} IN (SELECT value FROM json_each(?))"
    )
    rows = connection.execute(statement, (json_array(values),))
    return {row[0]: _record(row) for row in rows}


def _columns(with_vectors: bool) -> str:
    return f"seq, id, file_path, sha256, metadata, {'vector' if with_vectors else 'NULL'}"


def _record(row: tuple[int, str, str, str, str, bytes | None]) -> Record:
    _, id_, file_path, sha256, metadata, vector = row
    numbers = None if vector is None else np.frombuffer(vector, "<f4").astype(np.float32)
    return Record(id_, file_path, sha256, numbers, json.loads(metadata))
