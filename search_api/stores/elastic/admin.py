"""Opens, creates, drops and swaps the index behind an alias.

The name in a store URL is an alias. The index itself has a name of its own that is never used twice, and an opened
store uses that one: wherever the alias leads later, a search never meets vectors of another model.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from search_api.stores.admin import CollectionAdmin
from search_api.stores.base import Store, StoreUnavailable
from search_api.stores.elastic.bulk import Bulk
from search_api.stores.elastic.connection import connect, read_version
from search_api.stores.elastic.errors import is_missing_index, store_missing, translate_errors
from search_api.stores.elastic.index import Index
from search_api.stores.elastic.legacy import LegacyStore, read_only_error
from search_api.stores.elastic.mapping import is_ours, read_mapping
from search_api.stores.elastic.query_dsl import index_definition, write_alias
from search_api.stores.elastic.store import ElasticStore
from search_api.stores.elastic.url import ElasticUrl
from search_api.stores.url_parts import BadStoreUrl, is_collection_name

_OPEN_SECONDS = 10  # requests that need the collection wait for one another while it is opened


class ElasticAdmin(CollectionAdmin):
    """Manages the collection behind one alias of an Elasticsearch cluster."""

    def __init__(self, url: ElasticUrl) -> None:
        self._url = url

    def open(self) -> Store:
        client = connect(self._url)
        quick = client.options(request_timeout=min(_OPEN_SECONDS, self._url.timeout))
        try:
            with translate_errors(self._url.display_name):
                read_version(quick, self._url.display_name)
                name, index = self._current(quick)
            return self._opened(client, name, index)
        except BaseException:
            client.close()
            raise

    def create(self, fingerprint: str, dim: int) -> Store:
        client = connect(self._url)
        try:
            with translate_errors(self._url.display_name):
                version = read_version(client, self._url.display_name)
                if not _indices_behind(client, self._url.index):
                    self._create_index(client, index_definition(self._url, fingerprint, dim, version))
                return self._opened(client, *self._current(client))
        except BaseException:
            client.close()
            raise

    def drop(self) -> None:
        client = connect(self._url)
        with client, translate_errors(self._url.display_name):
            indices = self._indices(client)
            if not all(is_ours(index) for index in indices.values()):
                raise read_only_error(self._url.display_name)
            client.indices.delete(index=list(indices))

    def list_collections(self) -> list[str]:
        client = connect(self._url)
        with client, translate_errors(self._url.display_name):
            found = client.indices.get(index=f"{self._url.index}-*", expand_wildcards="open")
        ours = [index for index in found.values() if is_ours(index)]
        names = [alias.removeprefix(f"{self._url.index}-") for index in ours for alias in index["aliases"]]
        return sorted({name for name in names if is_collection_name(name)})

    def check_swap(self, other: "ElasticAdmin") -> None:
        if self._url.index == other._url.index or self._cluster() != other._cluster():
            raise BadStoreUrl("Two collections can be swapped within one cluster only, and need different names.")
        for admin in (self, other):
            client = connect(admin._url)
            with client, translate_errors(admin._url.display_name):
                if admin._url.index in _indices_behind(client, admin._url.index):
                    raise StoreUnavailable(
                        f"{admin._url.index} is an index itself, not an alias, so it cannot be swapped:"
                        " python -m scripts.index import copies it into a new one."
                    )

    def swap(self, other: "ElasticAdmin") -> None:
        self.check_swap(other)
        client = connect(self._url)
        with client, translate_errors(self._url.display_name):
            mine, theirs = list(self._indices(client)), list(other._indices(client))
            actions = [
                {"remove": {"indices": mine, "alias": self._url.index}},
                {"remove": {"indices": theirs, "alias": other._url.index}},
                {"add": {"indices": theirs, "alias": self._url.index}},
                {"add": {"indices": mine, "alias": other._url.index}},
            ]
            client.indices.update_aliases(actions=actions)  # all at once

    def _opened(self, client: Elasticsearch, name: str, index: Mapping[str, Any]) -> Store:
        opened = Index(client, self._url, read_mapping(name, index, self._url.display_name))
        if opened.mapping.fingerprint is None:
            return LegacyStore(opened)
        return ElasticStore(opened, Bulk(client, write_alias(name), self._url.display_name))

    def _current(self, client: Elasticsearch) -> tuple[str, Mapping[str, Any]]:
        """Return the name of the index behind the alias, and what the server says of it."""
        return oldest(self._indices(client))

    def _indices(self, client: Elasticsearch) -> Mapping[str, Mapping[str, Any]]:
        """Return all indices behind the alias: several of ours where a process died in the middle of creating it."""
        indices = _indices_behind(client, self._url.index)
        if not indices:
            raise store_missing(self._url.display_name)
        if len(indices) > 1 and not all(is_ours(index) for index in indices.values()):
            raise StoreUnavailable(
                f"The name leads to several indices ({self._url.display_name}: {', '.join(sorted(indices))}):"
                " use one of their names instead."
            )
        return indices

    def _cluster(self) -> str:
        client = connect(self._url)
        with client, translate_errors(self._url.display_name):
            return str(client.info()["cluster_uuid"])

    def _create_index(self, client: Elasticsearch, definition: Mapping[str, Any]) -> None:
        name = f"{self._url.index.lower()}.{secrets.token_hex(4)}"
        aliases = {self._url.index: {}, write_alias(name): {"is_hidden": True}}
        client.indices.create(index=name, aliases=aliases, **definition)
        winner, _ = self._current(client)
        if winner != name:  # another process created it at the same time and was first
            client.indices.delete(index=name)


def oldest(indices: Mapping[str, Mapping[str, Any]]) -> tuple[str, Mapping[str, Any]]:
    """Return the first created of the indices behind one alias; two processes that create it make two for a moment."""
    created = {name: int(index["settings"]["index"]["creation_date"]) for name, index in indices.items()}
    name = min(created, key=lambda one: (created[one], one))
    return name, indices[name]


def _indices_behind(client: Elasticsearch, name: str) -> Mapping[str, Mapping[str, Any]]:
    try:
        return dict(client.indices.get(index=name))
    except NotFoundError as error:
        if is_missing_index(error):
            return {}
        raise
