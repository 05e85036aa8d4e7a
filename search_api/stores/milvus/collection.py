"""One collection of Milvus: sends searches, reads and writes rows, and names what goes wrong.

Readings take a consistency: ``Bounded`` answers with what has arrived, unless the server is more than five seconds
behind, as it is after its start, and so never waits otherwise; ``Strong`` waits until everything that was written
before has arrived. milvus-lite knows only the latter, and does not have to wait.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pymilvus import MilvusException

from search_api.stores.base import Record, StoreMissing
from search_api.stores.milvus.connection import Connection
from search_api.stores.milvus.errors import means_missing, translate_errors
from search_api.stores.milvus.expressions import EVERYTHING, ID, NOTHING, VECTOR, any_of, every, literal
from search_api.stores.milvus.rows import TEXTS, Row, as_record
from search_api.stores.milvus.schema import METRIC_TYPES, Layout

Consistency = Literal["Bounded", "Strong"]

_QUICK_SECONDS = 5
_READ_ROWS = 1_000
_LITE_READ_ROWS = 8_000  # it goes through all its rows for each reading
_WRITE_BYTES = 8 * 2**20  # Milvus takes 64 MiB
_DELETE_IDS = 8_000


class Collection:
    """The collection itself, whatever becomes of the alias that led to it."""

    def __init__(self, connection: Connection, layout: Layout) -> None:
        self.layout = layout
        self.display_name = connection.url.display_name
        self.lite = connection.lite
        self._connection = connection
        self._client = connection.client
        self._seconds = connection.url.timeout
        self._rows = _LITE_READ_ROWS if self.lite else _READ_ROWS
        # milvus-lite gives rows in the order of their keys only to those who say so, a server always
        self._ordered = {"iterator": "True"} if self.lite else {}

    def search(
        self,
        query: NDArray[np.float32],
        expression: str,
        limit: int,
        parameters: Mapping[str, float],
        fields: list[str],
    ) -> list[Mapping[str, Any]]:
        """The nearest ``limit``, best first, each with ``id``, ``distance``, and its fields as ``entity``."""
        with translate_errors(self.display_name):
            (found,) = self._client.search(
                self.layout.name,
                [query],
                filter=expression,
                limit=limit,
                output_fields=fields or [ID],  # without any milvus-lite gives all
                search_params={"metric_type": METRIC_TYPES[self.layout.metric], "params": dict(parameters)},
                anns_field=VECTOR,
                consistency_level="Bounded",
                timeout=self._seconds,
            )
        return list(found)

    def fetch(self, ids: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        """The records with these ids."""
        found = []
        for start in range(0, len(ids), _READ_ROWS):
            expression = any_of(ID, ids[start : start + _READ_ROWS])
            found += [as_record(row) for row in self._query(expression, _fields(with_vectors), "Bounded")]
        return found

    def read(self, expression: str, *, with_vectors: bool) -> Iterator[Record]:
        """Every record that matches once, ordered by id, whatever is written meanwhile."""
        return map(as_record, self._pages(expression, _fields(with_vectors), "Bounded"))

    def ids(self, expression: str) -> list[str]:
        """The ids of all that match this moment."""
        return [row[ID] for row in self._pages(expression, [ID], "Strong")]

    def page(self, expression: str, after: str, offset: int, limit: int) -> list[Record]:
        """Some of the records that match, ordered by id."""
        beyond = every([*([expression] if expression else []), _beyond(after)])
        return [as_record(row) for row in self._query(beyond, TEXTS, "Bounded", limit=limit, offset=offset)]

    def count(self, expression: str) -> int:
        """How many match."""
        (row,) = self._query(expression, ["count(*)"], "Bounded")
        return int(row["count(*)"])

    def write(self, rows: Sequence[Row]) -> None:
        """Insert or replace ``rows``, in requests of a bounded size."""
        at_once = max(1, _WRITE_BYTES // (4 * self.layout.dim + 1_000))
        for start in range(0, len(rows), at_once):
            with translate_errors(self.display_name), self._connection.writing:
                self._client.upsert(self.layout.name, list(rows[start : start + at_once]), timeout=self._seconds)

    def delete(self, ids: Sequence[str]) -> None:
        """Delete the rows with these ids."""
        for start in range(0, len(ids), _DELETE_IDS):
            expression = any_of(ID, ids[start : start + _DELETE_IDS])
            with translate_errors(self.display_name), self._connection.writing:
                self._client.delete(self.layout.name, filter=expression, timeout=self._seconds)

    def settle(self) -> None:
        """Return when every later reading, by whomever, sees what was written before.

        milvus-lite always shows everything; it is several times faster with rows that it has put in order.
        """
        if self.lite:
            with translate_errors(self.display_name), self._connection.writing:
                self._client.flush(self.layout.name, timeout=self._seconds)
        else:
            self._query(NOTHING, [ID], "Strong", limit=1)

    def ping(self) -> None:
        """Raise StoreMissing or StoreUnavailable when searches would."""
        if self.replaced():
            raise StoreMissing(f"The collection was dropped or replaced ({self.display_name}).")
        with translate_errors(self.display_name):
            self._client.query(self.layout.name, filter=NOTHING, output_fields=[ID], limit=1, timeout=_QUICK_SECONDS)

    def replaced(self) -> bool:
        """Whether the name leads to another collection now, or to none."""
        with translate_errors(self.display_name):
            try:
                behind = self._client.describe_collection(self._connection.url.collection, timeout=_QUICK_SECONDS)
            except MilvusException as error:
                if means_missing(error):
                    return True
                raise
        return bool(behind["collection_name"] != self.layout.name)

    def details(self) -> dict[str, str | int]:
        """Version, names and index; the size of a file."""
        with translate_errors(self.display_name):
            version = self._client.get_server_version(timeout=_QUICK_SECONDS)
            aliases = self._client.list_aliases(self.layout.name, timeout=_QUICK_SECONDS)["aliases"]
            index = self._client.describe_index(self.layout.name, VECTOR, timeout=_QUICK_SECONDS)
        graph = {name: index[name] for name in ("M", "efConstruction") if name in index}
        details: dict[str, str | int] = {
            "engine": "milvus-lite" if self.lite else f"milvus {version}",
            "collection": self.layout.name,
            "aliases": ", ".join(sorted(aliases)) or "none",
            "index": " ".join([self.layout.index, *(f"{name}={value}" for name, value in graph.items())]),
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
        while rows := self._query(every([expression, _beyond(last)]), fields, consistency, limit=self._rows):
            yield from rows
            last = rows[-1][ID]

    def _query(self, expression: str, fields: list[str], consistency: Consistency, **page: int) -> list[Row]:
        with translate_errors(self.display_name):
            return list(
                self._client.query(
                    self.layout.name,
                    filter=expression,
                    output_fields=fields,
                    consistency_level=consistency,
                    timeout=self._seconds,
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
