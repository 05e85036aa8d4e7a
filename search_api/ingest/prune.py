"""Removes the records of files that are gone, carefully."""

from itertools import chain
from pathlib import Path

from search_api.stores.base import Store

_BATCH = 1_000


class WrongRoot(ValueError):
    """No indexed file is below the image root: it is not the one they were indexed from."""


def is_gone(path: Path) -> bool:
    """Whether there is no file at ``path``; one that may not be looked at is not gone."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def root_fits(store: Store, root: Path) -> bool:
    """Whether any path in ``store`` leads to a file below ``root``; an empty store fits any root."""
    records = store.scan(with_vectors=False)  # mostly the first one decides
    first = next(records, None)
    return first is None or any(not is_gone(root / record.file_path) for record in chain([first], records))


def check_root(store: Store, root: Path) -> None:
    """Raise :class:`WrongRoot` unless ``root`` fits: pruning from a wrong root would delete the whole collection.

    Call it before an ingest, whose own records would speak for any root.
    """
    if not root_fits(store, root):
        raise WrongRoot(f"None of the indexed files is below {root}: give the right --root, or leave --prune out.")


def prune(store: Store, root: Path, folder: Path, *, dry_run: bool) -> int:
    """Delete the records below ``folder`` whose file is gone; return how many. See :func:`check_root` first."""
    below = "" if folder == root else f"{folder.relative_to(root).as_posix()}/"
    gone = [
        record.id
        for record in store.scan(with_vectors=False)
        if record.file_path.startswith(below) and is_gone(root / record.file_path)
    ]
    if not dry_run:
        for start in range(0, len(gone), _BATCH):
            store.delete(ids=gone[start : start + _BATCH])
        store.publish()
    return len(gone)
