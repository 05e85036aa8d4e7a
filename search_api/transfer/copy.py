"""Copying records into a collection, but for those it has: an interrupted copy goes on where it was."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from search_api.stores.base import Record, Store

_CHUNK = 1_000


@dataclass(frozen=True)
class CopyResult:
    """How many records were written, and how many were there unchanged."""

    written: int
    unchanged: int


def copy_into(store: Store, records: Iterable[Record], on_progress: Callable[[int], object]) -> CopyResult:
    """Upsert ``records``, which have vectors of the collection's model, and publish.

    ``on_progress`` is called with the number of each chunk.
    """
    written = unchanged = 0
    for some in in_chunks(records):
        existing = {record.id: record for record in store.get([record.id for record in some], with_vectors=True)}
        new = [record for record in some if not _same(record, existing.get(record.id))]
        store.upsert(new)
        written += len(new)
        unchanged += len(some) - len(new)
        on_progress(len(some))
    store.publish()
    return CopyResult(written, unchanged)


def _same(record: Record, other: Record | None) -> bool:
    """Return whether both are the same to the last bit."""
    if other is None or replace(record, vector=None) != replace(other, vector=None):
        return False
    return record.vector is not None and other.vector is not None and np.array_equal(record.vector, other.vector)


def in_chunks(records: Iterable[Record]) -> Iterator[list[Record]]:
    """Yield ``records`` in lists of a size that is good to write."""
    rest = iter(records)
    while some := list(islice(rest, _CHUNK)):
        yield some
