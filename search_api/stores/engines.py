"""The table of store engines: a new store is a package of its own and one row here."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from importlib import import_module
from urllib.parse import SplitResult

from search_api.stores.admin import CollectionAdmin
from search_api.stores.base import ClientNotInstalled
from search_api.stores.elastic.url import SCHEMES as ELASTIC_SCHEMES
from search_api.stores.elastic.url import elastic_url
from search_api.stores.embedded.url import embedded_url
from search_api.stores.milvus.url import SCHEMES as MILVUS_SCHEMES
from search_api.stores.milvus.url import milvus_url
from search_api.stores.url_parts import StoreUrl


@dataclass(frozen=True)
class StoreEngine:
    """One row: the schemes of an engine's URLs, what reads them, and where its code is.

    ``admin`` is the dotted name of its CollectionAdmin. ``package`` is the client that it imports, and ``extra`` the
    extra of this program that installs it; both are empty for an engine that needs none.
    """

    name: str
    schemes: Collection[str]
    parse: Callable[[SplitResult], StoreUrl]
    admin: str
    examples: tuple[str, ...]
    package: str = ""
    extra: str = ""

    def admin_of(self, url: StoreUrl) -> CollectionAdmin:
        """Return the admin of the collection at ``url``; raises ClientNotInstalled.

        The engine is imported here and not before, so that none has to be installed for another's sake.
        """
        module, _, class_name = self.admin.rpartition(".")
        try:
            admin: Callable[[StoreUrl], CollectionAdmin] = getattr(import_module(module), class_name)
        except ModuleNotFoundError as error:
            if not self.package or error.name != self.package:
                raise
            raise ClientNotInstalled(self.name, self.package, self.extra) from error
        return admin(url)


ENGINES = (
    StoreEngine(
        name="embedded",
        schemes=("embedded",),
        parse=embedded_url,
        admin="search_api.stores.embedded.admin.EmbeddedAdmin",
        examples=("embedded:///path/to/file.db",),
    ),
    StoreEngine(
        name="Elasticsearch",
        schemes=ELASTIC_SCHEMES,
        parse=elastic_url,
        admin="search_api.stores.elastic.admin.ElasticAdmin",
        examples=("elasticsearch://host:9200/index",),
        package="elasticsearch",
        extra="elastic",
    ),
    StoreEngine(
        name="Milvus",
        schemes=MILVUS_SCHEMES,
        parse=milvus_url,
        admin="search_api.stores.milvus.admin.MilvusAdmin",
        examples=("milvus://host:19530/collection", "milvus:///path/to/file.db"),
        package="pymilvus",
        extra="milvus",
    ),
)


def engine_of(scheme: str) -> StoreEngine | None:
    """Return the engine whose URLs have ``scheme``, None where there is none."""
    return next((engine for engine in ENGINES if scheme in engine.schemes), None)


def example_urls() -> str:
    """Return one URL of every kind, as a sentence lists them."""
    *others, last = (example for engine in ENGINES for example in engine.examples)
    return f"{', '.join(others)} or {last}"
