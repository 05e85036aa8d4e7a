"""The folder that a client names for a job: below the image root, whatever the name tries."""

from pathlib import Path

from serving.failures import BadParameter, NotFound

_MOST_CHARACTERS = 4_096


def job_folder(root: Path | None, path: str) -> tuple[Path, Path]:
    """``root`` and the folder ``path`` below it, both resolved; an empty ``path`` means all of the root.

    Raises BadParameter or NotFound.
    """
    if root is None:
        raise BadParameter("SEARCH_IMAGE_ROOT is not set, so the service indexes no folders.")
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if path.startswith("/") or any(part.startswith(".") for part in parts):
        raise BadParameter("path is relative to the image root, with no .. or hidden folders in it.")
    if len(path) > _MOST_CHARACTERS or not path.isprintable() or "\\" in path:
        raise BadParameter("path is the name of a folder, with / between its parts and no other signs than letters.")
    base = root.resolve()
    try:
        folder = base.joinpath(*parts).resolve()
        there = folder.is_dir()
    except (OSError, RuntimeError):  # a part that is too long, no leave to look into it, links in a circle
        there = False
    if there and not folder.is_relative_to(base):
        raise BadParameter("path leads out of the image root.")
    if there and any(part.startswith(".") for part in folder.relative_to(base).parts):
        raise BadParameter("path leads into a hidden folder.")
    if not there:
        raise NotFound(f"There is no folder {'/'.join(parts)[:200]} below the image root.")
    return base, folder
