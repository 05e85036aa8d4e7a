"""The SQLite file: connections to it, and its errors under the names of the store contract."""

import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue

from search_api.stores.base import StoreMissing, StoreTimeout, StoreUnavailable

_APPLICATION_ID = 0x696D6773  # "imgs": tells our files from other SQLite files
_SCHEMA_VERSION = 1
_LOCK_SECONDS = 30
_PAGE_BYTES = 16_384  # of SQLite's own 4,096 a record of 512 numbers fills half a page and wastes the rest
_WAL_RETRY_SECONDS = 0.02


class Database:
    """Connections to one file, each used by one thread at a time and then kept for the next."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._inode = path.stat().st_ino
        self._idle: SimpleQueue[sqlite3.Connection] = SimpleQueue()

    @classmethod
    def create(cls, path: Path) -> "Database":
        """Create the file, still without tables, unless it exists, and open it."""
        with translated_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = _connect(path)
            try:
                connection.execute("BEGIN IMMEDIATE")
                if connection.execute("PRAGMA application_id").fetchone()[0] == 0:
                    connection.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")
                    connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                connection.execute("COMMIT")
            finally:
                connection.close()
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> "Database":
        """Open an existing file; raises StoreMissing or StoreUnavailable."""
        with translated_errors(path):
            try:
                database = cls(path)
            except (FileNotFoundError, NotADirectoryError):
                raise missing(path) from None
        with database.connection() as connection:
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            if application == 0:  # it is being created: with tables in it, it would have been refused
                raise missing(path)
            if application != _APPLICATION_ID:
                raise _foreign(path)
            if version != _SCHEMA_VERSION:
                raise StoreUnavailable(f"{path} has schema {version}, this program reads {_SCHEMA_VERSION}: update it.")
        return database

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """Give a connection in autocommit mode."""
        with translated_errors(self.path):
            try:
                connection = self._idle.get_nowait()
            except Empty:
                connection = self._connect()
            try:
                yield connection
            except BaseException:
                connection.close()
                raise
            self._idle.put(connection)

    def _connect(self) -> sqlite3.Connection:
        connection = _connect(self.path)
        if self.replaced:
            connection.close()
            raise self._moved()
        return connection

    def _moved(self) -> StoreUnavailable:
        return StoreUnavailable(f"{self.path} was removed or replaced while it was open: open it again.")

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that sees one state of the file throughout."""
        with self.connection() as connection:
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give a connection that holds the write lock; everything is written, durably, or nothing is."""
        with self.connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            if self.replaced:  # perhaps while this waited for the lock
                raise self._moved()
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def checkpointed(self) -> Iterator[None]:
        """Hold the write lock with everything in the file itself and nothing in the log beside it."""
        with self.connection() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with self.writing():
            log = files_of(self.path)[1]
            if log.exists() and log.stat().st_size:
                raise StoreUnavailable(f"{self.path} is being written to or read: try again when that is over.")
            yield

    @property
    def replaced(self) -> bool:
        """Whether the path no longer leads to the file that was opened."""
        try:
            return self.path.stat().st_ino != self._inode
        except OSError:
            return True

    def close(self) -> None:
        """Close the idle connections."""
        with suppress(Empty):
            while True:
                self._idle.get_nowait().close()


def missing(path: Path, collection: str = "") -> StoreMissing:
    """Return the error for a file or collection that does not exist yet."""
    where = f"{path}, collection {collection}" if collection else path
    return StoreMissing(f"There is no index at {where} yet: run python -m scripts.ingest FOLDER.")


@contextmanager
def no_new_connections(*paths: Path) -> Iterator[None]:
    """Keep every process from connecting to ``paths``, so that their files may be moved.

    A connection made in the middle of that would find the log of one file beside another.
    """
    with ExitStack() as locks:
        for folder in sorted({path.parent.resolve() for path in paths}):
            locks.enter_context(_locked(folder, fcntl.LOCK_EX))
        yield


@contextmanager
def _locked(folder: Path, kind: int) -> Iterator[None]:
    handle = os.open(folder, os.O_RDONLY)  # the folder itself, so that no lock file stays behind
    try:
        fcntl.flock(handle, kind)
        yield
    finally:
        os.close(handle)


def _connect(path: Path) -> sqlite3.Connection:
    with _locked(path.parent, fcntl.LOCK_SH):
        return _connected(path)


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=_LOCK_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _refuse_foreign(connection, path)
        connection.execute(f"PRAGMA page_size = {_PAGE_BYTES}")  # takes effect when the file is created
        _use_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")  # a commit survives a power cut, not only a killed process
        connection.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL, which SQLite refuses at once, whatever its timeout, while another process does the same."""
    deadline = time.monotonic() + _LOCK_SECONDS
    while connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(_WAL_RETRY_SECONDS)


def _refuse_foreign(connection: sqlite3.Connection, path: Path) -> None:
    """Raise StoreUnavailable for a file of another program, before anything in it is changed."""
    # In this order: a file that is being created meanwhile has its id once it has tables.
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if tables and application != _APPLICATION_ID:
        raise _foreign(path)


def _foreign(path: Path) -> StoreUnavailable:
    return StoreUnavailable(f"{path} is not a file of the embedded store: name another one.")


def files_of(path: Path) -> tuple[Path, Path, Path]:
    """Return the file, SQLite's write-ahead log beside it, and the log's index."""
    return path, Path(f"{path}-wal"), Path(f"{path}-shm")


@contextmanager
def translated_errors(path: Path) -> Iterator[None]:
    """Raise SQLite's errors, and those of the file system, as StoreTimeout or StoreUnavailable."""
    try:
        yield
    except OSError as error:
        raise StoreUnavailable(
            f"{path} cannot be used ({error.strerror}): check the disk and its permissions."
        ) from error
    except sqlite3.IntegrityError:
        raise
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise StoreTimeout(f"{path} was locked by another writer for {_LOCK_SECONDS} s.") from error
        if "no such table" in str(error):
            raise StoreMissing(f"A collection of {path} was dropped while it was open: open it again.") from error
        raise StoreUnavailable(f"{path} cannot be used ({error}): check the disk and its permissions.") from error
    except sqlite3.DatabaseError as error:
        raise StoreUnavailable(f"{path} is not a readable index ({error}): restore it from a backup.") from error
