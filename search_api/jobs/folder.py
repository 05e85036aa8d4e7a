"""The folder that a client names for a job: below the image root, whatever the name tries."""

from pathlib import Path

from serving.failures import BadParameter, NotFound

_MOST_CHARACTERS = 4_096


def job_folder(root: Path | None, path: str) -> Path:
    """The folder ``path`` below ``root``, where an empty one means all of it; raises BadParameter or NotFound."""
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
    except OSError:  # a part that is too long, or a folder that may not be looked into
        there = False
    if there and not folder.is_relative_to(base):
        raise BadParameter("path leads out of the image root.")
    if not there:
        raise NotFound(f"There is no folder {'/'.join(parts)[:200]} below the image root.")
    return folder
