"""Finding one record, and listing many a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass

from search_api.stores.base import Filter, Record, Store
from serving.errors import NotFound

DEFAULT_PAGE_SIZE = 10


@dataclass(frozen=True)
class Paging:
    """Which part of a ranking or listing is wanted."""

    page: int = 1
    page_size: int = DEFAULT_PAGE_SIZE

    @property
    def offset(self) -> int:
        """How many come before this page."""
        return (self.page - 1) * self.page_size


@dataclass(frozen=True)
class Listing(Paging):
    """Which records to list: those beyond the id ``after``, less the pages before this one."""

    filter: Filter | None = None
    after: str = ""


@dataclass(frozen=True)
class RecordPage:
    """One page of a listing, how many records there are in all, and the id to go on ``after``, if any."""

    records: Sequence[Record]
    listing: Listing
    total: int
    after: str | None


def find_record(id_: str, store: Store, *, with_vector: bool = False) -> Record:
    """Return the record ``id_``; raises NotFound."""
    records = store.get([id_], with_vectors=with_vector)
    if not records:
        raise unknown_id(id_)
    return records[0]


def list_records(listing: Listing, store: Store) -> RecordPage:
    """Return the records that ``listing`` asks for, in the order of their ids."""
    records = store.browse(filter=listing.filter, after=listing.after, offset=listing.offset, limit=listing.page_size)
    goes_on = len(records) == listing.page_size and not store.read_only  # a legacy index has no order of ids
    return RecordPage(records, listing, store.count(listing.filter), records[-1].id if goes_on else None)


def unknown_id(id_: str) -> NotFound:
    """Return the exception for an id that no record has."""
    return NotFound(f"No indexed image has the id {id_[:64]}.")
