"""The collections of one store URL by name, each opened when it is first needed."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from search_api.stores import collection_names, create_store
from search_api.stores.base import Metric, Mode, Store, StoreMissing
from search_api.stores.lazy import LazyStore
from search_api.stores.url import DEFAULT_COLLECTION, base_of, location_of, parse_store_url, with_collection
from serving.errors import NotFound


@dataclass(frozen=True)
class CollectionSummary:
    """One collection in a few numbers; of one that does not exist yet only the name, and no images."""

    name: str
    images: int = 0
    fingerprint: str | None = None
    metric: Metric | None = None
    dim: int | None = None
    modes: tuple[Mode, ...] = Store.modes

    @classmethod
    def of(cls, name: str, store: Store) -> "CollectionSummary":
        """Return the summary of ``store``, the collection ``name``."""
        return cls(name, store.count(), store.fingerprint, store.metric, store.dim, store.modes)


class Catalogue:
    """The collections at one store URL; any number of threads may use it.

    The default collection may not exist yet; the others have to.
    """

    def __init__(self, url: str) -> None:
        parse_store_url(url)  # all of it, before anything is opened
        self._url = url
        base, own = base_of(url)
        self.location = location_of(url)
        self._default = LazyStore(url)
        self._base = None if own == DEFAULT_COLLECTION else LazyStore(base)  # has no name here
        self._others: dict[str, LazyStore] = {}

    def get(self, name: str = DEFAULT_COLLECTION) -> Store:
        """Return the collection ``name``; raises StoreMissing while there is no default one, NotFound for any other."""
        if name == DEFAULT_COLLECTION:
            return self._default.get()
        lazy = self._others.setdefault(name, LazyStore(with_collection(self._url, name)))
        try:
            return lazy.get()
        except StoreMissing:
            self._others.pop(name, None)
            raise NotFound(f"There is no collection {name}: GET /collections lists those that exist.") from None

    def summaries(self) -> list[CollectionSummary]:
        """Return a summary of every collection, the default one first."""
        found = []
        for name in self.names():
            try:
                found.append(CollectionSummary.of(name, self.get(name)))
            except StoreMissing:
                found.append(CollectionSummary(name))
            except NotFound:  # it was dropped this moment
                continue
        return found

    def check(self, name: str) -> None:
        """Raise NotFound unless ``name`` is the default collection, which need not exist yet, or one that exists."""
        if name != DEFAULT_COLLECTION:
            self.get(name)

    def ping(self) -> None:
        """Raise StoreUnavailable or StoreTimeout when the engine cannot answer; the collection need not exist yet."""
        try:
            self.get().ping()
        except StoreMissing:
            return

    def names(self) -> list[str]:
        """Return the names of all collections, the default one first."""
        return [DEFAULT_COLLECTION, *collection_names(self._url)]

    def stores(self) -> Iterator[Store]:
        """Yield every collection that exists, with the one that the URL leads to without ?collection=."""
        openers: list[Callable[[], Store]] = [partial(self.get, name) for name in self.names()]
        if self._base is not None:
            openers.append(self._base.get)
        for open_one in openers:
            with suppress(StoreMissing, NotFound):  # no default one yet, or it was dropped this moment
                yield open_one()

    def get_or_create(self, name: str, model: Callable[[], Mapping[str, Any]]) -> Store:
        """Return the collection ``name``, as :meth:`get`; a missing default one is created for ``model()``."""
        try:
            return self.get(name)
        except StoreMissing:
            described = model()
            create_store(self._url, str(described["fingerprint"]), int(described["dim"])).close()
            return self.get(name)
