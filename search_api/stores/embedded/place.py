"""Opening, creating, dropping and swapping files of the embedded store."""

import os
from pathlib import Path

from search_api.stores.base import ModelMismatch, Store
from search_api.stores.embedded.database import Database, files_of, translated_errors
from search_api.stores.embedded.store import EmbeddedStore
from search_api.stores.place import Place
from search_api.stores.url import EmbeddedUrl


class EmbeddedPlace(Place):
    """The path of a file."""

    def __init__(self, url: EmbeddedUrl) -> None:
        self._path = url.path
        self._metric = url.metric

    def open(self) -> Store:
        return EmbeddedStore(Database.open(self._path))

    def create(self, fingerprint: str, dim: int) -> Store:
        state: dict[str, str | int] = {
            "fingerprint": fingerprint,
            "metric": self._metric,
            "dim": dim,
            "published": 0,
            "epoch": 0,
        }
        store = EmbeddedStore(Database.create(self._path, state))
        try:
            store.expect(fingerprint)
            if store.metric != self._metric:
                raise ModelMismatch(f"{self._path} is a collection of metric {store.metric}, not {self._metric}.")
        except ModelMismatch:
            store.close()
            raise
        return store

    def drop(self) -> None:
        Database.open(self._path).close()
        for file in files_of(self._path):
            file.unlink(missing_ok=True)

    def swap(self, other: "EmbeddedPlace") -> None:
        mine, theirs = Database.open(self._path), Database.open(other._path)
        aside = self._path.with_name(f".{self._path.name}.swapped")
        with mine.resting(), theirs.resting(), translated_errors(self._path):
            for file in (*files_of(self._path)[1:], *files_of(other._path)[1:]):
                file.unlink(missing_ok=True)
            _link(self._path, aside)
            os.replace(other._path, self._path)  # at no moment is there nothing at this path
            os.replace(aside, other._path)
        mine.close()
        theirs.close()


def _link(path: Path, second: Path) -> None:
    second.unlink(missing_ok=True)  # left by a swap that was killed
    os.link(path, second)
