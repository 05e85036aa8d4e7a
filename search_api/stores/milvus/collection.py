"""One collection of Milvus: searches it, reads and writes its rows, and translates the client's errors.

A read has a consistency. ``Bounded`` answers at once with what has arrived, unless the server is more than five seconds
behind, as it is after its start. ``Strong`` waits until everything that was written before has arrived. milvus-lite
knows only the latter, and does not have to wait.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pymilvus import MilvusException

from search_api.stores.base import Record, StoreMissing
from search_api.stores.milvus.connection import Connection
from search_api.stores.milvus.errors import is_missing_collection, translate_errors
from search_api.stores.milvus.expressions import EVERYTHING, ID, NOTHING, VECTOR, any_of, every, literal
from search_api.stores.milvus.rows import TEXTS, Row, as_record
from search_api.stores.milvus.schema import METRIC_TYPES, StoredSchema

Consistency = Literal["Bounded", "Strong"]

_PROBE_SECONDS = 5
_READ_ROWS = 1_000
_LITE_READ_ROWS = 8_000  # it goes through all its rows for each read
_WRITE_BYTES = 8 * 2**20  # Milvus accepts 64 MiB
_DELETE_IDS = 8_000


class Collection:
    """A collection with a ``schema``: itself, wherever the alias that led to it leads later."""

    def __init__(self, connection: Connection, schema: StoredSchema) -> None:
        self.schema = schema
        self.display_name = connection.url.display_name
        self.lite = connection.lite
        self._connection = connection
        self._client = connection.client
        self._timeout = connection.url.timeout
        self._page_rows = _LITE_READ_ROWS if self.lite else _READ_ROWS
        # a server always returns rows in the order of their keys, milvus-lite only when asked to
        self._ordered = {"iterator": "True"} if self.lite else {}

    def search(
        self,
        vector: NDArray[np.float32],
        expression: str,
        limit: int,
        parameters: Mapping[str, float],
        fields: list[str],
    ) -> list[Mapping[str, Any]]:
        """Return the nearest ``limit`` rows to ``vector`` (dim,), best first.

        Each has ``id``, ``distance``, and the fields that were asked for as ``entity``.
        """
        with translate_errors(self.display_name):
            (found,) = self._client.search(
                self.schema.name,
                [vector],
                filter=expression,
                limit=limit,
                output_fields=fields or [ID],  # milvus-lite returns all when none is named
                search_params={"metric_type": METRIC_TYPES[self.schema.metric], "params": dict(parameters)},
                anns_field=VECTOR,
                consistency_level="Bounded",
                timeout=self._timeout,
            )
        return list(found)

    def fetch(self, ids: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        """Return the records with these ids."""
        found = []
        for start in range(0, len(ids), _READ_ROWS):
            expression = any_of(ID, ids[start : start + _READ_ROWS])
            found += [as_record(row) for row in self._query(expression, _fields(with_vectors), "Bounded")]
        return found

    def scan(self, expression: str, *, with_vectors: bool) -> Iterator[Record]:
        """Yield every record that matches once, ordered by id, whatever is written meanwhile."""
        return map(as_record, self._pages(expression, _fields(with_vectors), "Bounded"))

    def ids(self, expression: str) -> list[str]:
        """Return the ids of all records that match this moment."""
        return [row[ID] for row in self._pages(expression, [ID], "Strong")]

    def browse(self, expression: str, after: str, offset: int, limit: int) -> list[Record]:
        """Return a page of the records that match, ordered by id, beyond the id ``after``."""
        beyond = every([*([expression] if expression else []), _beyond(after)])
        return [as_record(row) for row in self._query(beyond, TEXTS, "Bounded", limit=limit, offset=offset)]

    def count(self, expression: str) -> int:
        """Return how many records match."""
        (row,) = self._query(expression, ["count(*)"], "Bounded")
        return int(row["count(*)"])

    def write(self, rows: Sequence[Row]) -> None:
        """Insert or replace ``rows``, in requests of a bounded size."""
        batch_size = max(1, _WRITE_BYTES // (4 * self.schema.dim + 1_000))
        for start in range(0, len(rows), batch_size):
            with translate_errors(self.display_name), self._connection.writing:
                self._client.upsert(self.schema.name, list(rows[start : start + batch_size]), timeout=self._timeout)

    def delete(self, ids: Sequence[str]) -> None:
        """Delete the rows with these ids."""
        for start in range(0, len(ids), _DELETE_IDS):
            expression = any_of(ID, ids[start : start + _DELETE_IDS])
            with translate_errors(self.display_name), self._connection.writing:
                self._client.delete(self.schema.name, filter=expression, timeout=self._timeout)

    def refresh(self) -> None:
        """Wait until every later read of any client sees what was written before.

        milvus-lite always shows everything, but searches rows that were flushed several times faster.
        """
        if self.lite:
            with translate_errors(self.display_name), self._connection.writing:
                self._client.flush(self.schema.name, timeout=self._timeout)
        else:
            self._query(NOTHING, [ID], "Strong", limit=1)

    def ping(self) -> None:
        """Raise StoreMissing or StoreUnavailable when a search would."""
        if self.is_replaced():
            raise StoreMissing(f"The collection was dropped or replaced ({self.display_name}).")
        with translate_errors(self.display_name):
            self._client.query(self.schema.name, filter=NOTHING, output_fields=[ID], limit=1, timeout=_PROBE_SECONDS)

    def is_replaced(self) -> bool:
        """Return whether the name leads to another collection now, or to none."""
        with translate_errors(self.display_name):
            try:
                behind = self._client.describe_collection(self._connection.url.collection, timeout=_PROBE_SECONDS)
            except MilvusException as error:
                if is_missing_collection(error):
                    return True
                raise
        return bool(behind["collection_name"] != self.schema.name)

    def details(self) -> dict[str, str | int]:
        """Return version, names and index, and the size of a file, as an operator wants to see them."""
        with translate_errors(self.display_name):
            version = self._client.get_server_version(timeout=_PROBE_SECONDS)
            aliases = self._client.list_aliases(self.schema.name, timeout=_PROBE_SECONDS)["aliases"]
            index = self._client.describe_index(self.schema.name, VECTOR, timeout=_PROBE_SECONDS)
        graph = {name: index[name] for name in ("M", "efConstruction") if name in index}
        details: dict[str, str | int] = {
            "engine": "milvus-lite" if self.lite else f"milvus {version}",
            "collection": self.schema.name,
            "aliases": ", ".join(sorted(aliases)) or "none",
            "index": " ".join([self.schema.index, *(f"{name}={value}" for name, value in graph.items())]),
        }
        if self._connection.url.file is not None:
            details["file"] = str(self._connection.url.file)
            details["bytes"] = sum(_size(path) for path in self._connection.url.file.rglob("*"))
        return details

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _pages(self, expression: str, fields: list[str], consistency: Consistency) -> Iterator[Row]:
        last = ""
        while rows := self._query(every([expression, _beyond(last)]), fields, consistency, limit=self._page_rows):
            yield from rows
            last = rows[-1][ID]

    def _query(self, expression: str, fields: list[str], consistency: Consistency, **page: int) -> list[Row]:
        with translate_errors(self.display_name):
            return list(
                self._client.query(
                    self.schema.name,
                    filter=expression,
                    output_fields=fields,
                    consistency_level=consistency,
                    timeout=self._timeout,
                    **page,
                    **(self._ordered if page else {}),
                )
            )


def _beyond(id_: str) -> str:
    return f"{ID} > {literal(id_)}" if id_ else EVERYTHING


def _fields(with_vectors: bool) -> list[str]:
    return [*TEXTS, VECTOR] if with_vectors else TEXTS


def _size(path: Any) -> int:
    with suppress(OSError):  # it was merged away meanwhile
        return int(path.stat().st_size)
    return 0
