"""Finding image files below a folder, and reading them."""

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from imaging import SNIFFED_BYTES, SUFFIXES, looks_like_image


@dataclass(frozen=True)
class Failure:
    """A file that could not be indexed: an error name and a sentence."""

    file_path: str
    error: str
    detail: str


@dataclass(frozen=True)
class File:
    """An image file in memory. ``file_path`` is relative to the image root, with ``/``."""

    file_path: str
    data: bytes
    sha256: str


def find_files(folder: Path, check_cancelled: Callable[[], object] = lambda: None) -> list[Path]:
    """Return the files below ``folder``, sorted; hidden ones and linked folders are left out.

    A folder that cannot be listed stands for its files, so that reading it says why. ``check_cancelled`` is called in
    every folder: what it raises ends the search.
    """
    found: list[Path] = []

    def stand_in(error: OSError) -> None:
        found.append(Path(error.filename))

    for parent, folders, names in os.walk(folder, onerror=stand_in):
        check_cancelled()
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [Path(parent, name) for name in sorted(names) if not name.startswith(".")]
    return found


def relative_path(path: Path, root: Path) -> str:
    """Return ``path`` as records keep it."""
    return path.relative_to(root).as_posix()


def read_file(path: Path, root: Path, max_bytes: int) -> File | Failure | None:
    """Read ``path``; None when it is not an image by name or by content, or is gone."""
    file_path = relative_path(path, root)
    try:
        if not _is_image(path):
            return None
        if not is_text(file_path):
            return Failure(display_name(file_path), "bad_parameter", "The file's name is not UTF-8: rename it.")
        if path.stat().st_size > max_bytes:
            return Failure(file_path, "image_too_large", f"An image has at most {max_bytes} bytes.")
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        return Failure(display_name(file_path), "unreadable", f"It cannot be read ({error.strerror}).")
    return File(file_path, data, hashlib.sha256(data).hexdigest())


def display_name(file_path: str) -> str:
    """Return ``file_path`` as it can be printed, whatever bytes the file system has in it."""
    return file_path.encode(errors="replace").decode()


def is_text(file_path: str) -> bool:
    """Return whether the name is UTF-8; the file system allows any bytes."""
    try:
        file_path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_image(path: Path) -> bool:
    mode = path.stat().st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        return False  # opening a pipe would wait for its writer
    if path.suffix.lower() in SUFFIXES:
        return True
    with path.open("rb") as file:
        return looks_like_image(file.read(SNIFFED_BYTES))
