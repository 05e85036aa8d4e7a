"""Finding, creating, dropping and swapping the index behind a name.

The name in a store URL is an alias. The index itself has a name of its own that is never used twice, and an opened
store speaks to that one: whatever becomes of the alias, a search never meets vectors of another model.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from search_api.stores.admin import CollectionAdmin
from search_api.stores.base import Store, StoreUnavailable
from search_api.stores.elastic.bulk import Bulk
from search_api.stores.elastic.connection import connect, read_version
from search_api.stores.elastic.errors import means_missing, missing, translate_errors
from search_api.stores.elastic.index import Index
from search_api.stores.elastic.legacy import LegacyStore, read_only
from search_api.stores.elastic.mapping import is_ours, read_layout
from search_api.stores.elastic.query_dsl import index_body, write_alias
from search_api.stores.elastic.store import ElasticStore
from search_api.stores.elastic.url import ElasticUrl
from search_api.stores.url_parts import BadStoreUrl, is_collection_name

_QUICK_SECONDS = 10  # whoever waits for a collection to be opened waits in line


class ElasticAdmin(CollectionAdmin):
    """A name in an Elasticsearch cluster."""

    def __init__(self, url: ElasticUrl) -> None:
        self._url = url

    def open(self) -> Store:
        client = connect(self._url)
        quick = client.options(request_timeout=min(_QUICK_SECONDS, self._url.timeout))
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
                if not _behind(client, self._url.index):
                    self._make(client, index_body(self._url, fingerprint, dim, version))
                return self._opened(client, *self._current(client))
        except BaseException:
            client.close()
            raise

    def drop(self) -> None:
        client = connect(self._url)
        with client, translate_errors(self._url.display_name):
            indices = self._indices(client)
            if not all(is_ours(index) for index in indices.values()):
                raise read_only(self._url.display_name)
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
            raise BadStoreUrl("Collections change places within one cluster only, and need two names.")
        for place in (self, other):
            client = connect(place._url)
            with client, translate_errors(place._url.display_name):
                if place._url.index in _behind(client, place._url.index):
                    raise StoreUnavailable(
                        f"{place._url.index} is an index itself and no alias, so nothing can take its place:"
                        " python -m scripts.index import moves it to a new one."
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
        opened = Index(client, self._url, read_layout(name, index, self._url.display_name))
        if opened.layout.fingerprint is None:
            return LegacyStore(opened)
        return ElasticStore(opened, Bulk(client, write_alias(name), self._url.display_name))

    def _current(self, client: Elasticsearch) -> tuple[str, Mapping[str, Any]]:
        """The index behind the name, and what the server says of it."""
        return oldest(self._indices(client))

    def _indices(self, client: Elasticsearch) -> Mapping[str, Mapping[str, Any]]:
        """All behind the name: more than one of ours where somebody died in the middle of creating it."""
        indices = _behind(client, self._url.index)
        if not indices:
            raise missing(self._url.display_name)
        if len(indices) > 1 and not all(is_ours(index) for index in indices.values()):
            raise StoreUnavailable(
                f"The name leads to several indices ({self._url.display_name}: {', '.join(sorted(indices))}): name one."
            )
        return indices

    def _cluster(self) -> str:
        client = connect(self._url)
        with client, translate_errors(self._url.display_name):
            return str(client.info()["cluster_uuid"])

    def _make(self, client: Elasticsearch, body: Mapping[str, Any]) -> None:
        name = f"{self._url.index.lower()}.{secrets.token_hex(4)}"
        aliases = {self._url.index: {}, write_alias(name): {"is_hidden": True}}
        client.indices.create(index=name, aliases=aliases, **body)
        winner, _ = self._current(client)
        if winner != name:  # somebody else created it at the same time and was first
            client.indices.delete(index=name)


def oldest(indices: Mapping[str, Mapping[str, Any]]) -> tuple[str, Mapping[str, Any]]:
    """Of the indices behind one alias the first one made; there are two only while two processes create it."""
    created = {name: int(index["settings"]["index"]["creation_date"]) for name, index in indices.items()}
    name = min(created, key=lambda one: (created[one], one))
    return name, indices[name]


def _behind(client: Elasticsearch, name: str) -> Mapping[str, Mapping[str, Any]]:
    try:
        return dict(client.indices.get(index=name))
    except NotFoundError as error:
        if means_missing(error):
            return {}
        raise
