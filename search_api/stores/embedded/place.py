"""Opening, creating, dropping and swapping files of the embedded store."""

import os
from contextlib import closing
from pathlib import Path

from search_api.stores.base import ModelMismatch, Store
from search_api.stores.embedded.database import Database, files_of, nobody_opening, translated_errors
from search_api.stores.embedded.store import EmbeddedStore
from search_api.stores.place import Place
from search_api.stores.url import BadStoreUrl, EmbeddedUrl


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
        with translated_errors(self._path), nobody_opening(self._path):
            for file in files_of(self._path):
                file.unlink(missing_ok=True)

    def check_swap(self, other: "EmbeddedPlace") -> None:
        if self._path.resolve() == other._path.resolve():
            raise BadStoreUrl("Collections need two places to change.")
        with translated_errors(self._path):
            other._path.parent.mkdir(parents=True, exist_ok=True)
            if self._path.parent.stat().st_dev != other._path.parent.stat().st_dev:
                raise BadStoreUrl(f"{self._path} and {other._path} are on two disks: name two files on one.")

    def swap(self, other: "EmbeddedPlace") -> None:
        self.check_swap(other)
        aside = self._path.with_name(f".{self._path.name}.swapped")
        with (
            closing(Database.open(self._path)) as mine,
            closing(Database.open(other._path)) as theirs,
            mine.resting(),
            theirs.resting(),
            translated_errors(self._path),
            nobody_opening(self._path, other._path),
        ):
            for file in (*files_of(self._path)[1:], *files_of(other._path)[1:]):
                file.unlink(missing_ok=True)
            _link(self._path, aside)
            os.replace(other._path, self._path)  # at no moment is there nothing at this path
            os.replace(aside, other._path)


def _link(path: Path, second: Path) -> None:
    second.unlink(missing_ok=True)  # left by a swap that was killed
    os.link(path, second)
