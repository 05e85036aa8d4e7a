"""The folder that a client names for a job: below the image root, whatever the name tries."""

from pathlib import Path
from unicodedata import category

from search_api.ingest.files import is_text
from serving.errors import BadParameter, NotFound

_MAX_CHARACTERS = 4_096
_UNPRINTABLE = ("Cc", "Cs")  # control characters and halves of characters


def job_folder(root: Path | None, path: str) -> tuple[Path, Path]:
    """Return ``root`` and the folder ``path`` below it, both resolved; an empty ``path`` means all of the root.

    Raises BadParameter or NotFound.
    """
    if root is None:
        raise BadParameter("SEARCH_IMAGE_ROOT is not set, so the service indexes no folders.")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if path.startswith("/") or any(part.startswith(".") for part in parts):
        raise BadParameter("path is relative to the image root, with no .. or hidden folders in it.")
    if len(path) > _MAX_CHARACTERS or "\\" in path or any(category(char) in _UNPRINTABLE for char in path):
        raise BadParameter(
            f"path is the name of a folder of at most {_MAX_CHARACTERS} characters, with / between its parts, and"
            " without \\ and control characters."
        )
    base = root.resolve()
    try:
        folder = base.joinpath(*parts).resolve()
        there = folder.is_dir()
    except (OSError, RuntimeError):  # a part that is too long, no leave to look into it, links in a circle
        there = False
    if there and not folder.is_relative_to(base):
        raise BadParameter("path leads out of the image root.")
    if there and not is_text(str(folder)):
        raise BadParameter("path leads to a folder whose name is not UTF-8: rename it.")
    if there and any(part.startswith(".") for part in folder.relative_to(base).parts):
        raise BadParameter("path leads into a hidden folder.")
    if not there:
        where = (
            f"There is no folder {'/'.join(parts)[:200]} below the image root" if parts else "The image root is gone"
        )
        raise NotFound(f"{where}.")
    return base, folder
