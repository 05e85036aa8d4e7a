"""The paths of records' files: below the image root, or below the service's own folder of uploads.

The path of an uploaded image begins with a hidden folder's name. Hidden folders are never indexed, so no file below
the image root can have such a path.
"""

from dataclasses import dataclass
from pathlib import Path

UPLOADS = ".uploads/"


def is_upload(file_path: str) -> bool:
    """Return whether a record's path is that of an uploaded image."""
    return file_path.startswith(UPLOADS)


def upload_path(sha256: str, suffix: str) -> str:
    """Return the path of the record of an uploaded image: its content alone decides."""
    return f"{UPLOADS}{sha256[:2]}/{sha256}{suffix}"


@dataclass(frozen=True)
class ImagePaths:
    """The folders of files: ``root`` is the image root, if any; paths of uploads are relative to ``uploads``."""

    root: Path | None
    uploads: Path

    def base(self, file_path: str) -> Path | None:
        """Return the folder that ``file_path`` is relative to."""
        return self.uploads if is_upload(file_path) else self.root

    def resolve(self, file_path: str) -> Path | None:
        """Return the file of the record at ``file_path``; None when it is gone, or leads out of its folder."""
        folder = self.base(file_path)
        if folder is None:
            return None
        try:
            base = folder.resolve()
            path = (base / file_path).resolve()
            return path if path.is_relative_to(base) and path.is_file() else None
        except (OSError, ValueError, RuntimeError):  # the last of links in a circle, before Python 3.13
            return None
