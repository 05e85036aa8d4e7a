"""Keeps a process's flat index in step with the file: reads only what changed since it last looked."""

import sqlite3

import numpy as np

from search_api.stores.base import Metric
from search_api.stores.embedded.flat_index import Snapshot, append, remove
from search_api.stores.embedded.tables import Tables

_FETCH_ROWS = 2_048


class MemoryIndex:
    """The newest snapshot that this process has made. One thread at a time may ask it for one."""

    def __init__(self, tables: Tables, metric: Metric, dim: int) -> None:
        self._tables = tables
        self._dim = dim
        self._empty = Snapshot(metric, ())
        self._snapshot = self._empty
        self._epoch = self._published = -1
        self._last_seq = self._last_tombstone = 0

    def snapshot_of(self, connection: sqlite3.Connection) -> Snapshot:
        """Return a snapshot that holds all that is published in the state that ``connection`` sees."""
        (published,) = connection.execute(f"SELECT value FROM {self._tables.state} WHERE key = 'published'").fetchone()
        return self._snapshot if published == self._published else self.newest_snapshot_of(connection)

    def newest_snapshot_of(self, connection: sqlite3.Connection) -> Snapshot:
        """Return a snapshot of everything that ``connection`` sees, published or not."""
        wanted = "key IN ('published', 'epoch')"
        state = dict(connection.execute(f"SELECT key, value FROM {self._tables.state} WHERE {wanted}"))
        if state["epoch"] != self._epoch:
            self._snapshot, self._last_seq, self._last_tombstone = self._empty, 0, 0
        self._apply_tombstones(connection)
        self._read_new(connection)
        self._epoch, self._published = state["epoch"], state["published"]
        return self._snapshot

    def _apply_tombstones(self, connection: sqlite3.Connection) -> None:
        statement = f"SELECT n, seq FROM {self._tables.tombstones} WHERE n > ? ORDER BY n"
        rows = connection.execute(statement, (self._last_tombstone,)).fetchall()
        if rows:
            self._snapshot = remove(self._snapshot, np.array([seq for _, seq in rows], np.int64))
            self._last_tombstone = rows[-1][0]

    def _read_new(self, connection: sqlite3.Connection) -> None:
        statement = f"SELECT seq, id, vector FROM {self._tables.images} WHERE seq > ? ORDER BY seq"
        cursor = connection.execute(statement, (self._last_seq,))
        while rows := cursor.fetchmany(_FETCH_ROWS):
            seqs, ids, blobs = zip(*rows, strict=True)
            vectors = np.frombuffer(b"".join(blobs), "<f4").reshape(len(rows), self._dim)
            self._snapshot = append(self._snapshot, seqs, [bytes.fromhex(id_) for id_ in ids], vectors)
            self._last_seq = seqs[-1]
