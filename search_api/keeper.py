"""Keeps uploaded pictures as files by the hash of their content, for as long as a record speaks of them."""

import logging
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from search_api.catalogue import Catalogue
from search_api.folders import UPLOADS_GLOB, is_upload
from search_api.stores.base import StoreMissing, StoreTimeout, StoreUnavailable
from serving.failures import NotFound

_LOOKUP_PATHS = 512

log = logging.getLogger(__name__)


class CannotKeep(RuntimeError):
    """The folder of uploads cannot be written."""


class Keeper:
    """Uploads below ``folder``, which all collections of ``catalogue`` share."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._lock = threading.RLock()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """While this is held nobody else writes a file whose record is not there yet, or removes one."""
        with self._lock:
            yield

    def keep(self, files: Mapping[str, bytes]) -> None:
        """Write ``files``, contents by the paths of their records; raises CannotKeep."""
        try:
            for file_path, data in files.items():
                _write(self._folder / file_path, data)
        except OSError as error:
            raise CannotKeep(
                f"The folder of uploads cannot be written ({error.strerror}): check the disk and SEARCH_UPLOAD_DIR."
            ) from error

    def forget(self, file_paths: Iterable[str]) -> None:
        """Remove the files of those uploads that no record speaks of any more; others are left alone."""
        uploads = [file_path for file_path in file_paths if is_upload(file_path)]
        with self.changing():
            for start in range(0, len(uploads), _LOOKUP_PATHS):
                some = uploads[start : start + _LOOKUP_PATHS]
                try:
                    gone = set(some) - self._spoken_of(some)
                    for file_path in gone:
                        (self._folder / file_path).unlink(missing_ok=True)
                except (StoreUnavailable, StoreTimeout, OSError) as error:  # the records are gone all the same
                    log.warning("Some files of deleted uploads stay in %s: %s", self._folder, error)

    def sweep(self) -> None:
        """Remove all files that no record speaks of."""
        with self.changing():
            self.forget(path.relative_to(self._folder).as_posix() for path in sorted(self._folder.glob(UPLOADS_GLOB)))

    def _spoken_of(self, file_paths: list[str]) -> set[str]:
        spoken_of: set[str] = set()
        for name in self._catalogue.names():
            with suppress(StoreMissing, NotFound):  # no default one yet, or it was dropped this moment
                spoken_of.update(record.file_path for record in self._catalogue.get(name).by_path(file_paths))
        return spoken_of


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all. What is there already has the same content."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".new-") as folder:
        draft = Path(folder, path.name)
        draft.write_bytes(data)
        draft.replace(path)
