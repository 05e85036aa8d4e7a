"""Finding, creating, dropping and swapping the collection behind a name.

The name in a store URL is an alias. The collection itself has a name of its own that is never used twice, and an opened
store speaks to that one: whatever becomes of the alias, a search never meets vectors of another model.

Milvus changes one alias at a time, so a swap is two steps: at no moment is a name without a collection, but for a
moment both lead to what is to be behind the first. A process that is killed in between leaves it so; what was behind
the first then has no name any more, but is still there. One that is killed while it creates leaves a collection without
a name.
"""

import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pymilvus import MilvusException

from search_api.stores.admin import CollectionAdmin
from search_api.stores.base import Store, StoreMissing, StoreUnavailable
from search_api.stores.milvus.collection import Collection
from search_api.stores.milvus.connection import Connection, connect
from search_api.stores.milvus.errors import means_missing, missing, translate_errors
from search_api.stores.milvus.expressions import VECTOR
from search_api.stores.milvus.schema import index_of, is_ours, properties_of, read_layout, schema_of
from search_api.stores.milvus.store import MilvusStore
from search_api.stores.milvus.url import MilvusUrl
from search_api.stores.url_parts import BadStoreUrl, check_collection_name

_QUICK_SECONDS = 10  # whoever waits for a collection to be opened waits in line
_OWN_NAME = re.compile(".+__[0-9a-f]{8}")


class MilvusAdmin(CollectionAdmin):
    """A name in a Milvus server, or in a file of milvus-lite."""

    def __init__(self, url: MilvusUrl) -> None:
        self._url = url

    def open(self) -> Store:
        connection = connect(self._url)
        try:
            return self._opened(connection)
        except BaseException:
            connection.close()
            raise

    def create(self, fingerprint: str, dim: int) -> Store:
        if self._url.file is not None:
            _make_folder(self._url.file.parent)
        connection = connect(self._url, make=True)
        try:
            if self._behind(connection) is None:
                self._make(connection, fingerprint, dim)
            return self._opened(connection)
        except BaseException:
            connection.close()
            raise

    def drop(self) -> None:
        with connect(self._url) as connection:
            name = self._named(connection)
            with translate_errors(self._url.display_name), connection.writing:
                connection.client.drop_alias(self._url.collection, timeout=self._url.timeout)
                connection.client.drop_collection(name, timeout=self._url.timeout)

    def list_collections(self) -> list[str]:
        try:
            connection = connect(self._url)
        except StoreMissing:  # a file that is not there
            return []
        with connection, translate_errors(self._url.display_name):
            client = connection.client
            own_names = [name for name in client.list_collections(timeout=_QUICK_SECONDS) if _OWN_NAME.fullmatch(name)]
            aliases = [
                alias
                for name in own_names
                for alias in client.list_aliases(name, timeout=_QUICK_SECONDS)["aliases"]
                if alias.startswith(self._url.prefix)
            ]
        names = (alias.removeprefix(self._url.prefix).replace("__", "-") for alias in aliases)
        return sorted(name for name in names if self._is_sibling(name))

    def check_swap(self, other: "MilvusAdmin") -> None:
        ours, theirs = self._url, other._url
        if (ours.server, ours.file) != (theirs.server, theirs.file):
            raise BadStoreUrl("Collections change places within one Milvus server or file only: name it alike in both.")
        if ours.collection == theirs.collection:
            raise BadStoreUrl("Collections need two names to change places.")
        with connect(ours, make=False) as connection:
            for place in (self, other):
                if (description := place._behind(connection)) is not None:
                    place._check_alias(description)

    def swap(self, other: "MilvusAdmin") -> None:
        self.check_swap(other)
        with connect(self._url) as connection:
            mine, theirs = self._named(connection), other._named(connection)
            client, name, other_name = connection.client, self._url.collection, other._url.collection
            with translate_errors(self._url.display_name), connection.writing:
                client.alter_alias(theirs, name, timeout=self._url.timeout)
                try:
                    client.alter_alias(mine, other_name, timeout=self._url.timeout)
                except BaseException:
                    client.alter_alias(mine, name, timeout=self._url.timeout)
                    raise

    def _opened(self, connection: Connection) -> Store:
        description = self._behind(connection)
        if description is None:
            raise missing(self._url.display_name)
        self._check_alias(description)
        client, name = connection.client, description["collection_name"]
        with translate_errors(self._url.display_name):
            index = client.describe_index(name, VECTOR, timeout=_QUICK_SECONDS)
            layout = read_layout(description, index or {}, self._url.display_name)
            client.load_collection(name, timeout=self._url.timeout)
        return MilvusStore(Collection(connection, layout))

    def _behind(self, connection: Connection) -> Mapping[str, Any] | None:
        """What Milvus says of the collection that the name leads to."""
        with translate_errors(self._url.display_name):
            try:
                found: Mapping[str, Any] = connection.client.describe_collection(
                    self._url.collection, timeout=_QUICK_SECONDS
                )
            except MilvusException as error:
                if means_missing(error):
                    return None
                raise
        return found

    def _named(self, connection: Connection) -> str:
        """The own name of the collection that the name leads to; raises StoreMissing or StoreUnavailable."""
        description = self._behind(connection)
        if description is None:
            raise missing(self._url.display_name)
        self._check_alias(description)
        return str(description["collection_name"])

    def _check_alias(self, description: Mapping[str, Any]) -> None:
        if not is_ours(description) or description["collection_name"] == self._url.collection:
            raise StoreUnavailable(
                f"This Milvus collection was not made by an image search ({self._url.display_name}): name another one."
            )

    def _make(self, connection: Connection, fingerprint: str, dim: int) -> None:
        name, client = f"{self._url.collection}__{secrets.token_hex(4)}", connection.client
        with translate_errors(self._url.display_name), connection.writing:
            client.create_collection(
                name,
                schema=schema_of(dim),
                index_params=index_of(self._url),
                properties=properties_of(self._url, fingerprint),
                timeout=self._url.timeout,
            )
            try:
                client.create_alias(name, self._url.collection, timeout=self._url.timeout)
            except MilvusException:
                client.drop_collection(name, timeout=self._url.timeout)
                if self._behind(connection) is None:  # else somebody else created it at the same time and was first
                    raise

    def _is_sibling(self, name: str) -> bool:
        try:
            check_collection_name(name)
        except BadStoreUrl:
            return False
        return True


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(
            f"{folder} cannot be made ({error.strerror}): check the disk and its permissions."
        ) from error
