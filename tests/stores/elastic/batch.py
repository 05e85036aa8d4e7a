"""A batch of records, and some of them."""

from search_api.stores.base import Record
from search_api.stores.elastic.documents import upsert_action
from tests.stores.samples import record

RECORDS = [record(f"{number:02}.jpg") for number in range(60)]
IDS = [one.id for one in RECORDS]
SOME = set(IDS[::3])


def is_some(id_: str) -> bool:
    """Return whether it is one of SOME."""
    return id_ in SOME


def action(one: Record) -> bytes:
    """Return the bulk action that writes a record."""
    assert one.vector is not None
    return upsert_action(one, one.vector)
