"""Deleting the records of files that are gone, carefully."""

from itertools import chain
from pathlib import Path

from search_api.images.paths import is_upload
from search_api.stores.base import Store

_BATCH = 1_000


class WrongRoot(ValueError):
    """No indexed file is below the image root: it is not the one they were indexed from."""


def is_gone(path: Path) -> bool:
    """Return whether there is no file at ``path``; one that cannot be looked at for lack of permission is not gone."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def root_fits(store: Store, root: Path) -> bool:
    """Return whether any path in ``store`` leads to a file below ``root``; an empty store fits any root."""
    records = (record for record in store.scan(with_vectors=False) if not is_upload(record.file_path))
    first = next(records, None)  # mostly the first one decides
    return first is None or any(not is_gone(root / record.file_path) for record in chain([first], records))


def prune_folder(store: Store, root: Path, folder: Path, *, sure_of_root: bool, dry_run: bool) -> int:
    """Delete the records below ``folder`` whose file is gone, but for uploads; return how many.

    ``sure_of_root`` is what :func:`root_fits` said before this run added records of its own. Without it only files that
    have moved may go: those whose bytes are indexed at another place that exists. Raises :class:`WrongRoot` when others
    would go too, because from a wrong root the whole collection looks gone, and from a disk that was unplugged too.
    """
    below = "" if folder == root else f"{folder.relative_to(root).as_posix()}/"
    gone, there, any_file = [], set(), False
    for record in store.scan(with_vectors=False):
        if is_upload(record.file_path):
            there.add(record.sha256)
        elif not is_gone(root / record.file_path):
            any_file = True
            there.add(record.sha256)
        elif record.file_path.startswith(below):
            gone.append(record)
    if not (sure_of_root and any_file) and any(record.sha256 not in there for record in gone):
        raise WrongRoot(f"No file that was indexed before is below {root}: give the right image root, or do not prune.")
    if not dry_run:
        for start in range(0, len(gone), _BATCH):
            store.delete(ids=[record.id for record in gone[start : start + _BATCH]])
        store.publish()
    return len(gone)
