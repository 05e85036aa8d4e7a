"""Copies records into a collection, but for those it has: an interrupted copy goes on where it was."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from search_api.stores.base import Record, Store

_CHUNK = 1_000


@dataclass(frozen=True)
class Copied:
    """How many records were written, and how many were there as they should be."""

    written: int
    unchanged: int


def copy_into(store: Store, records: Iterable[Record], advance: Callable[[int], object]) -> Copied:
    """Upsert ``records``, which have vectors of the collection's model, and publish; ``advance`` hears how many."""
    written = unchanged = 0
    for some in in_chunks(records):
        there = {record.id: record for record in store.get([record.id for record in some])}
        new = [record for record in some if there.get(record.id) != replace(record, vector=None)]
        store.upsert(new)
        written += len(new)
        unchanged += len(some) - len(new)
        advance(len(some))
    store.publish()
    return Copied(written, unchanged)


def in_chunks(records: Iterable[Record]) -> Iterator[list[Record]]:
    """``records`` in lists of a size that is good to write."""
    rest = iter(records)
    while some := list(islice(rest, _CHUNK)):
        yield some
