"""Uploaded images as files, named by the hash of their content, for as long as a record refers to them."""

import fcntl
import logging
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from search_api.atomic_file import write_atomic
from search_api.images.paths import UPLOADS, is_upload
from search_api.images.upload_owners import owners_of, register_owner
from search_api.stores.base import StoreTimeout, StoreUnavailable
from search_api.stores.catalogue import Catalogue

_LOOKUP_PATHS = 512

log = logging.getLogger(__name__)


class UploadsNotWritable(RuntimeError):
    """The folder of uploads is not writable."""


class UploadStorage:
    """The uploads below ``folder``, which all collections of ``catalogue`` share."""

    def __init__(self, folder: Path, catalogue: Catalogue) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._lock = threading.Lock()

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Hold the lock of the folder: nobody else writes a file whose record is not there yet, or removes one.

        Services that share the folder wait for each other too; a folder that cannot be locked is not written either.
        """
        with self._lock, ExitStack() as open_files:
            with suppress(OSError):
                uploads = self._folder / UPLOADS  # a folder of ours alone: others may be locked for other reasons
                uploads.mkdir(parents=True, exist_ok=True)
                folder = os.open(uploads, os.O_RDONLY)
                open_files.callback(os.close, folder)
                fcntl.flock(folder, fcntl.LOCK_EX)
            yield

    def save(self, files: Mapping[str, bytes]) -> None:
        """Write ``files``, contents by the paths of their records; raises UploadsNotWritable."""
        try:
            register_owner(self._folder / UPLOADS, self._catalogue.location)
            for file_path, data in files.items():
                path = self._folder / file_path
                if not path.exists() or path.stat().st_size != len(data):
                    write_atomic(path, data)
        except OSError as error:
            raise UploadsNotWritable(
                f"The folder of uploads cannot be written ({error.strerror}): check the disk and SEARCH_UPLOAD_DIR."
            ) from error

    def delete_unreferenced(self, file_paths: Iterable[str]) -> None:
        """Delete the files of those uploads that no record refers to any more; call it within :meth:`exclusive`.

        Where other stores share the folder, whose records are not known here, all files stay.
        """
        uploads = [file_path for file_path in file_paths if is_upload(file_path)]
        if uploads and self._is_shared():
            log.warning("Files of deleted uploads stay in %s, which several stores share.", self._folder)
            return
        for start in range(0, len(uploads), _LOOKUP_PATHS):
            some = uploads[start : start + _LOOKUP_PATHS]
            try:
                for file_path in set(some) - self._referenced(some):
                    (self._folder / file_path).unlink(missing_ok=True)
            except (StoreUnavailable, StoreTimeout, OSError) as error:  # the records are gone all the same
                log.warning("Some files of deleted uploads stay in %s: %s", self._folder, error)

    def _referenced(self, file_paths: list[str]) -> set[str]:
        stores = self._catalogue.stores()
        return {record.file_path for store in stores for record in store.by_path(file_paths)}

    def _is_shared(self) -> bool:
        """Return whether other stores have records of the files, or might: in doubt files stay."""
        try:
            return any(owner != self._catalogue.location for owner in owners_of(self._folder / UPLOADS))
        except (OSError, ValueError):
            return True
