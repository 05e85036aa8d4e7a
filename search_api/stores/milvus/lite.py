"""Files of milvus-lite: each is opened once in a process, shared, and closed with its last user.

Such a file is a folder in truth. While it is open, milvus-lite serves it on a local port. One process at a time may
have it open, and one thread at a time may write to it.
"""

import atexit
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from search_api.stores.base import ClientNotInstalled, StoreUnavailable

_GRACE_SECONDS = 2


@dataclass
class OpenFile:
    """An open file: the address of its server, and the lock to hold while writing."""

    address: str
    stop: Callable[[], None]
    writing: threading.Lock = field(default_factory=threading.Lock)
    users: int = 0


class OpenFiles:
    """The files that this process has open, counted by their users."""

    def __init__(self) -> None:
        self._files: dict[Path, OpenFile] = {}
        self._lock = threading.Lock()
        atexit.register(self._stop_all)

    def use(self, path: Path) -> OpenFile:
        """Open the file at ``path``, or share it; raises StoreUnavailable. Pair each call with one of :meth:`leave`."""
        with self._lock:
            opened = self._files.get(path) or _start(path)
            self._files[path] = opened
            opened.users += 1
            return opened

    def leave(self, path: Path) -> None:
        """Close the file at ``path`` if this was its last user."""
        with self._lock:
            self._files[path].users -= 1
            if not self._files[path].users:
                self._files.pop(path).stop()

    def _stop_all(self) -> None:
        for opened in self._files.values():
            opened.stop()


@cache
def open_files() -> OpenFiles:
    """Return the open files of this process."""
    return OpenFiles()


def _start(path: Path) -> OpenFile:
    try:
        from milvus_lite.adapter.grpc.server import start_server_in_thread
        from milvus_lite.exceptions import DataDirLockedError
    except ModuleNotFoundError as error:
        if error.name != "milvus_lite":
            raise
        raise ClientNotInstalled("Milvus", "milvus-lite", "milvus") from error
    for logger in ("milvus_lite.adapter", "grpc._server"):  # what these log is raised too
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    _refuse_foreign(path)
    try:
        server, database, port = start_server_in_thread(str(path))
    except DataDirLockedError as error:
        raise StoreUnavailable(
            f"Another process has {path} open, and milvus-lite allows one at a time: stop that process, or use a Milvus"
            " server or the embedded store."
        ) from error
    except OSError as error:
        raise StoreUnavailable(
            f"{path} cannot be used ({error.strerror}): check the disk and its permissions."
        ) from error

    def stop() -> None:
        server.stop(grace=_GRACE_SECONDS).wait()
        database.close()

    return OpenFile(f"http://127.0.0.1:{port}", stop)


def _refuse_foreign(path: Path) -> None:
    """Raise StoreUnavailable for a path with other data, which milvus-lite would write into."""
    if path.is_file() or (path.is_dir() and any(path.iterdir()) and not (path / "LOCK").exists()):
        raise StoreUnavailable(f"{path} is not a file of milvus-lite: name another one.")
