"""Everything one can do with an open collection."""

from collections.abc import Callable, Mapping

from search_api.stores.base import Search, Store
from tests.stores.samples import QUERY, digest, record

_ONE = record("one.jpg")

READING: Mapping[str, Callable[[Store], object]] = {
    "search": lambda store: store.search(Search(QUERY)),
    "ann": lambda store: store.search(Search(QUERY, mode="ann")),
    "get": lambda store: store.get([_ONE.id]),
    "by_path": lambda store: store.by_path(["one.jpg"]),
    "by_sha256": lambda store: store.by_sha256([digest("one.jpg")]),
    "count": lambda store: store.count(),
    "scan": lambda store: list(store.scan()),
    "ping": lambda store: store.ping(),
}
WRITING: Mapping[str, Callable[[Store], object]] = {
    "upsert": lambda store: store.upsert([_ONE]),
    "delete": lambda store: store.delete(ids=[_ONE.id]),
    "delete by filter": lambda store: store.delete(filter={"kind": ["hat"]}),
    "clear": lambda store: store.clear(),
    "publish": lambda store: store.publish(),
}
ALL: Mapping[str, Callable[[Store], object]] = {**READING, **WRITING, "details": lambda store: store.details()}
