"""Opening, creating, dropping and swapping the collections of the embedded store's files."""

import os
from contextlib import closing
from pathlib import Path

from search_api.stores.admin import CollectionAdmin
from search_api.stores.base import Store, StoreMissing
from search_api.stores.embedded.database import Database, files_of, missing, no_new_connections, translated_errors
from search_api.stores.embedded.store import EmbeddedStore
from search_api.stores.embedded.tables import create_tables, drop_tables, find_tables, list_names, swap_names
from search_api.stores.embedded.url import EmbeddedUrl
from search_api.stores.url_parts import BadStoreUrl


class EmbeddedAdmin(CollectionAdmin):
    """Opens, creates, drops and swaps one collection of a file; the file's own has the empty name."""

    def __init__(self, url: EmbeddedUrl) -> None:
        self._path = url.path
        self._metric = url.metric
        self._name = url.collection

    def open(self) -> Store:
        return EmbeddedStore(Database.open(self._path), self._name)

    def create(self, fingerprint: str, dim: int) -> Store:
        state: dict[str, str | int] = {
            "fingerprint": fingerprint,
            "metric": self._metric,
            "dim": dim,
            "published": 0,
            "epoch": 0,
        }
        database = Database.create(self._path)
        with database.writing() as connection:
            if find_tables(connection, self._name) is None:
                create_tables(connection, self._name, state)
        return EmbeddedStore(database, self._name)

    def drop(self) -> None:
        with closing(Database.open(self._path)) as database, database.writing() as connection:
            if find_tables(connection, self._name) is None:
                raise missing(self._path, self._name)
            if len(list_names(connection)) > 1:
                drop_tables(connection, self._name)
                return
        with translated_errors(self._path), no_new_connections(self._path):
            for file in files_of(self._path):
                file.unlink(missing_ok=True)

    def list_collections(self) -> list[str]:
        try:
            database = Database.open(self._path)
        except StoreMissing:
            return []
        with closing(database), database.connection() as connection:
            return [name for name in list_names(connection) if name]

    def check_swap(self, other: "EmbeddedAdmin") -> None:
        if self._path.resolve() == other._path.resolve():
            if self._name == other._name:
                raise BadStoreUrl("A collection cannot be swapped with itself: name two.")
            return
        if any(admin._name or admin.list_collections() for admin in (self, other)):
            raise BadStoreUrl(
                f"{self._path} and {other._path} can be swapped as whole files only, but one holds several collections:"
                " name two collections of one file with ?collection=."
            )
        with translated_errors(self._path):
            other._path.parent.mkdir(parents=True, exist_ok=True)
            if self._path.parent.stat().st_dev != other._path.parent.stat().st_dev:
                raise BadStoreUrl(
                    f"{self._path} and {other._path} are on different disks: name two files on the same one."
                )

    def swap(self, other: "EmbeddedAdmin") -> None:
        self.check_swap(other)
        if self._path.resolve() == other._path.resolve():
            self._swap_names(other)
        else:
            self._swap_files(other)

    def _swap_names(self, other: "EmbeddedAdmin") -> None:
        with closing(Database.open(self._path)) as database, database.writing() as connection:
            for name in (self._name, other._name):
                if find_tables(connection, name) is None:
                    raise missing(self._path, name)
            swap_names(connection, self._name, other._name)

    def _swap_files(self, other: "EmbeddedAdmin") -> None:
        aside = self._path.with_name(f".{self._path.name}.swapped")
        with (
            closing(Database.open(self._path)) as mine,
            closing(Database.open(other._path)) as theirs,
            mine.checkpointed(),
            theirs.checkpointed(),
            translated_errors(self._path),
            no_new_connections(self._path, other._path),
        ):
            for file in (*files_of(self._path)[1:], *files_of(other._path)[1:]):
                file.unlink(missing_ok=True)
            _link(self._path, aside)
            os.replace(other._path, self._path)  # at no moment is there nothing at this path
            os.replace(aside, other._path)


def _link(path: Path, link: Path) -> None:
    link.unlink(missing_ok=True)  # left by a swap that was killed
    os.link(path, link)
