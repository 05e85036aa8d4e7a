"""The embedded store: records in SQLite, vectors in memory too, one answer from both."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from typing import cast

import numpy as np
from numpy.typing import NDArray

from search_api.stores.base import (
    Filter,
    Hit,
    Hits,
    Metric,
    Record,
    Search,
    Store,
    StoreUnavailable,
    as_text,
)
from search_api.stores.checks import check_query, check_records
from search_api.stores.embedded.database import Database, files_of
from search_api.stores.embedded.index import MemoryIndex

_SCAN_ROWS = 1_000
_MOST_GONE = 100_000  # a longer list of deletions costs readers more than reading everything again


class EmbeddedStore(Store):
    """One file, open in any number of threads and processes; ann mode answers exactly too."""

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.connection() as connection:
            state = dict(connection.execute("SELECT key, value FROM state"))
        self.fingerprint = str(state["fingerprint"])
        self.metric = cast(Metric, state["metric"])
        self.dim = int(state["dim"])
        self._index = MemoryIndex(self.metric, self.dim)
        self._refreshing = threading.Lock()

    def upsert(self, records: Sequence[Record]) -> None:
        vectors = check_records(records, self.dim)
        with self._database.writing() as connection:
            for record, vector in zip(records, vectors, strict=True):
                _insert(connection, record, vector.astype("<f4").tobytes())

    def publish(self) -> None:
        with self._database.writing() as connection:
            connection.execute("UPDATE state SET value = value + 1 WHERE key = 'published'")
            (gone,) = connection.execute("SELECT count(*) FROM gone").fetchone()
            if gone > _MOST_GONE:
                _start_epoch(connection)

    def search(self, search: Search) -> Hits:
        check_query(search.vector, self.dim)
        # A filter is matched in the file as it is now, so it needs the newest view. Without one the published state
        # answers, unless records of the page have been deleted or replaced since.
        hits = self._search(search, newest=bool(search.filter)) or self._search(search, newest=True)
        if hits is None:
            raise StoreUnavailable(f"{self._database.path} changes under the reader: is it on a network disk?")
        return hits

    def _search(self, search: Search, *, newest: bool) -> Hits | None:
        with self._database.reading() as connection:
            with self._refreshing:  # the first read fixes what the connection sees: never older than the view
                view = self._index.newest_view_of(connection) if newest else self._index.view_of(connection)
            allowed = _matching(connection, search.filter) if search.filter else None
            found = view.search(search.vector, search.threshold, search.offset, search.limit, allowed)
            seqs = found.seqs.tolist()
            rows = _rows(connection, "seq", seqs, with_vectors=False)
        if len(rows) < len(seqs):
            return None
        pairs = zip(seqs, found.values.tolist(), strict=True)
        return Hits([_hit(rows[seq], value, self.metric) for seq, value in pairs], found.total, "eq")

    def get(self, ids: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        return self._select("id", ids, with_vectors)

    def by_path(self, paths: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        return self._select("file_path", paths, with_vectors)

    def by_sha256(self, digests: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        return self._select("sha256", digests, with_vectors)

    def delete(self, *, ids: Sequence[str] = (), filter: Filter | None = None) -> int:
        with self._database.writing() as connection:
            if filter is not None:
                seqs = json.dumps(_matching(connection, filter).tolist())
                statement = "DELETE FROM images WHERE seq IN (SELECT value FROM json_each(?))"
                return connection.execute(statement, (seqs,)).rowcount
            statement = "DELETE FROM images WHERE id IN (SELECT value FROM json_each(?))"
            return connection.execute(statement, (_listed(ids),)).rowcount

    def clear(self) -> int:
        with self._database.writing() as connection:
            (count,) = connection.execute("SELECT count(*) FROM images").fetchone()
            connection.execute("DELETE FROM images")
            _start_epoch(connection)
        return int(count)

    def count(self) -> int:
        with self._database.connection() as connection:
            return int(connection.execute("SELECT count(*) FROM images").fetchone()[0])

    def scan(self, *, with_vectors: bool = True) -> Iterator[Record]:
        with self._database.reading() as connection:  # one state throughout; writers go on beside it
            rows = connection.execute(f"SELECT {_columns(with_vectors)} FROM images ORDER BY seq")
            while some := rows.fetchmany(_SCAN_ROWS):
                yield from map(_record, some)

    def ping(self) -> None:
        if self.stale:
            raise StoreUnavailable(f"{self._database.path} was removed or replaced.")
        self.count()

    def close(self) -> None:
        self._database.close()

    def details(self) -> dict[str, str | int]:
        on_disk = sum(path.stat().st_size for path in files_of(self._database.path) if path.exists())
        return {"engine": "embedded", "file": str(self._database.path), "bytes": on_disk}

    @property
    def stale(self) -> bool:
        return self._database.replaced

    def _select(self, column: str, values: Sequence[str], with_vectors: bool) -> list[Record]:
        with self._database.connection() as connection:
            return list(_rows(connection, column, values, with_vectors=with_vectors).values())


def _start_epoch(connection: sqlite3.Connection) -> None:
    """Forget the list of the gone: whoever reads next begins anew."""
    connection.execute("DELETE FROM gone")
    connection.execute("UPDATE state SET value = value + 1 WHERE key IN ('epoch', 'published')")


def _insert(connection: sqlite3.Connection, record: Record, vector: bytes) -> None:
    connection.execute("DELETE FROM images WHERE id = ?", (record.id,))  # so that the trigger notes it
    metadata = json.dumps(dict(record.metadata), ensure_ascii=False)
    seq = connection.execute(
        "INSERT INTO images (id, file_path, sha256, metadata, vector) VALUES (?, ?, ?, ?, ?)",
        (record.id, record.file_path, record.sha256, metadata, vector),
    ).lastrowid
    tags = [(key, as_text(value), seq) for key, value in record.metadata.items()]
    connection.executemany("INSERT INTO tags (key, value, seq) VALUES (?, ?, ?)", tags)


def _matching(connection: sqlite3.Connection, filter: Filter) -> NDArray[np.int64]:
    """The ascending seqs of the records that match every key of ``filter``."""
    one_key = "SELECT seq FROM tags WHERE key = ? AND value IN (SELECT value FROM json_each(?))"
    parameters = [part for key, values in filter.items() for part in (key, _listed(values))]
    statement = " INTERSECT ".join([one_key] * len(filter)) or "SELECT seq FROM images"
    return np.array(sorted(seq for (seq,) in connection.execute(statement, parameters)), np.int64)


def _rows(
    connection: sqlite3.Connection, column: str, values: Sequence[str | int], *, with_vectors: bool
) -> dict[int, Record]:
    statement = f"SELECT {_columns(with_vectors)} FROM images WHERE {column} IN (SELECT value FROM json_each(?))"
    rows = connection.execute(statement, (_listed(values),))
    return {row[0]: _record(row) for row in rows}


def _listed(values: Sequence[str | int]) -> str:
    """``values`` for json_each. It ends a text at a NUL, so such a text would match what it begins with."""
    return json.dumps([value for value in values if not (isinstance(value, str) and "\0" in value)])


def _columns(with_vectors: bool) -> str:
    return f"seq, id, file_path, sha256, metadata, {'vector' if with_vectors else 'NULL'}"


def _record(row: tuple[int, str, str, str, str, bytes | None]) -> Record:
    _, id_, file_path, sha256, metadata, vector = row
    numbers = None if vector is None else np.frombuffer(vector, "<f4").astype(np.float32)
    return Record(id_, file_path, sha256, numbers, json.loads(metadata))


def _hit(record: Record, value: float, metric: Metric) -> Hit:
    score, distance = (value, None) if metric == "cosine" else (None, value)
    return Hit(record.id, record.file_path, record.sha256, score, distance, record.metadata)
