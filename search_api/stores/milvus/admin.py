"""Opens, creates, drops and swaps the collection behind an alias.

The name in a store URL is an alias. The collection itself has a name of its own that is never used twice, and an opened
store uses that one: wherever the alias leads later, a search never meets vectors of another model.

Milvus changes one alias at a time, so a swap is two steps: no alias ever leads nowhere, but for a moment both lead to
the collection that is to be behind the first. A process that is killed in between leaves it so; the collection that was
behind the first then has no alias any more, but is still there. One that is killed while it creates leaves a collection
without an alias.
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
from search_api.stores.milvus.errors import is_missing_collection, store_missing, translate_errors
from search_api.stores.milvus.expressions import VECTOR
from search_api.stores.milvus.schema import collection_properties, collection_schema, index_params, is_ours, read_schema
from search_api.stores.milvus.store import MilvusStore
from search_api.stores.milvus.url import MilvusUrl
from search_api.stores.url_parts import BadStoreUrl, check_collection_name

_OPEN_SECONDS = 10  # requests that need the collection wait for one another while it is opened
_OWN_NAME = re.compile(".+__[0-9a-f]{8}")


class MilvusAdmin(CollectionAdmin):
    """Manages the collection behind one alias of a Milvus server, or of a file of milvus-lite."""

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
            _create_folder(self._url.file.parent)
        connection = connect(self._url, create=True)
        try:
            if self._behind(connection) is None:
                self._create_collection(connection, fingerprint, dim)
            return self._opened(connection)
        except BaseException:
            connection.close()
            raise

    def drop(self) -> None:
        with connect(self._url) as connection:
            name = self._own_name(connection)
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
            own_names = [name for name in client.list_collections(timeout=_OPEN_SECONDS) if _OWN_NAME.fullmatch(name)]
            aliases = [
                alias
                for name in own_names
                for alias in client.list_aliases(name, timeout=_OPEN_SECONDS)["aliases"]
                if alias.startswith(self._url.prefix)
            ]
        names = (alias.removeprefix(self._url.prefix).replace("__", "-") for alias in aliases)
        return sorted(name for name in names if self._is_sibling(name))

    def check_swap(self, other: "MilvusAdmin") -> None:
        ours, theirs = self._url, other._url
        if (ours.server, ours.file) != (theirs.server, theirs.file):
            raise BadStoreUrl(
                "Collections can be swapped within one Milvus server or file only: give both URLs the same address."
            )
        if ours.collection == theirs.collection:
            raise BadStoreUrl("A collection cannot be swapped with itself: name two collections.")
        with connect(ours, create=False) as connection:
            for admin in (self, other):
                if (description := admin._behind(connection)) is not None:
                    admin._check_alias(description)

    def swap(self, other: "MilvusAdmin") -> None:
        self.check_swap(other)
        with connect(self._url) as connection:
            mine, theirs = self._own_name(connection), other._own_name(connection)
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
            raise store_missing(self._url.display_name)
        self._check_alias(description)
        client, name = connection.client, description["collection_name"]
        with translate_errors(self._url.display_name):
            index = client.describe_index(name, VECTOR, timeout=_OPEN_SECONDS)
            schema = read_schema(description, index or {}, self._url.display_name)
            client.load_collection(name, timeout=self._url.timeout)
        return MilvusStore(Collection(connection, schema))

    def _behind(self, connection: Connection) -> Mapping[str, Any] | None:
        """Return Milvus' description of the collection behind the alias, None without one."""
        with translate_errors(self._url.display_name):
            try:
                found: Mapping[str, Any] = connection.client.describe_collection(
                    self._url.collection, timeout=_OPEN_SECONDS
                )
            except MilvusException as error:
                if is_missing_collection(error):
                    return None
                raise
        return found

    def _own_name(self, connection: Connection) -> str:
        """Return the own name of the collection behind the alias; raises StoreMissing or StoreUnavailable."""
        description = self._behind(connection)
        if description is None:
            raise store_missing(self._url.display_name)
        self._check_alias(description)
        return str(description["collection_name"])

    def _check_alias(self, description: Mapping[str, Any]) -> None:
        if not is_ours(description) or description["collection_name"] == self._url.collection:
            raise StoreUnavailable(
                f"This Milvus collection was not made by an image search ({self._url.display_name}): name another one."
            )

    def _create_collection(self, connection: Connection, fingerprint: str, dim: int) -> None:
        name, client = f"{self._url.collection}__{secrets.token_hex(4)}", connection.client
        with translate_errors(self._url.display_name), connection.writing:
            client.create_collection(
                name,
                schema=collection_schema(dim),
                index_params=index_params(self._url),
                properties=collection_properties(self._url, fingerprint),
                timeout=self._url.timeout,
            )
            try:
                client.create_alias(name, self._url.collection, timeout=self._url.timeout)
            except MilvusException:
                client.drop_collection(name, timeout=self._url.timeout)
                if self._behind(connection) is None:  # else another process created it at the same time and was first
                    raise

    def _is_sibling(self, name: str) -> bool:
        try:
            check_collection_name(name)
        except BadStoreUrl:
            return False
        return True


def _create_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(
            f"{folder} cannot be created ({error.strerror}): check the disk and its permissions."
        ) from error
