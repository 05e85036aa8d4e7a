"""Removes the records of files that are gone, carefully."""

from itertools import islice
from pathlib import Path

from search_api.stores.base import Store

_SAMPLE = 100
_BATCH = 1_000


class WrongRoot(ValueError):
    """None of the indexed files is below the image root: it is not the one they were indexed from."""


def root_fits(store: Store, root: Path) -> bool:
    """Whether paths in ``store`` are relative to ``root``, by the first records; an empty store fits any root."""
    some = list(islice(store.scan(with_vectors=False), _SAMPLE))
    return not some or any((root / record.file_path).exists() for record in some)


def prune(store: Store, root: Path, folder: Path, *, dry_run: bool) -> int:
    """Delete the records below ``folder`` whose file is gone; return how many. Raises :class:`WrongRoot`."""
    if not root_fits(store, root):
        raise WrongRoot(f"None of the indexed files is below {root}: give the right --root, or leave --prune out.")
    below = "" if folder == root else f"{folder.relative_to(root).as_posix()}/"
    gone = [
        record.id
        for record in store.scan(with_vectors=False)
        if record.file_path.startswith(below) and not (root / record.file_path).exists()
    ]
    if not dry_run:
        for start in range(0, len(gone), _BATCH):
            store.delete(ids=gone[start : start + _BATCH])
        store.publish()
    return len(gone)
