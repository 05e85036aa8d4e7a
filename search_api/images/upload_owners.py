"""The stores that have records of the uploads in a folder: one line for each in a file beside them.

A record that is copied into another store takes no file along. Where two stores share a folder, neither can tell
whether the other one still needs a file, so none is removed.
"""

from pathlib import Path

from search_api.atomic_file import write_atomic

_LIST = "stores"


def owners_of(folder: Path) -> list[str]:
    """Return the display names of the stores that own files in ``folder``; raises OSError."""
    path = folder / _LIST
    return path.read_text("utf-8").splitlines() if path.exists() else []


def register_owner(folder: Path, store: str) -> None:
    """Note that ``store``, a display name, has records of files in ``folder``; raises OSError."""
    known = owners_of(folder)
    if store not in known:
        write_atomic(folder / _LIST, "".join(f"{one}\n" for one in (*known, store)).encode())
