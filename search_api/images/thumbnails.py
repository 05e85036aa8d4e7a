"""The files of indexed images, and their thumbnails: only files of known records in their folders are opened."""

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from imaging import SNIFFED_BYTES, Limits, make_thumbnail, open_image, sniff
from imaging.errors import NotAnImage, UnsupportedFormat
from search_api.atomic_file import write_atomic
from search_api.images.paths import ImagePaths, is_upload
from search_api.stores.base import Record
from serving.errors import NotFound
from serving.semaphore import WeightedSemaphore

THUMBNAIL_SIDE = 320


@dataclass(frozen=True)
class ImageFile:
    """A file that is safe to send, and its media type by content."""

    path: Path
    media_type: str


class ImageFiles:
    """The files of records in ``paths``, and thumbnails in ``cache``."""

    def __init__(self, paths: ImagePaths, cache: Path, limits: Limits) -> None:
        self._paths = paths
        self._cache = cache / "thumbnails"
        self._limits = limits
        self._pixels = WeightedSemaphore(limits.max_pixels)

    def file(self, record: Record) -> ImageFile:
        """Return the file of ``record``; raises NotFound when it is gone, outside its folder or no longer an image."""
        path = self._path(record)
        try:
            with path.open("rb") as file:
                return ImageFile(path, sniff(file.read(SNIFFED_BYTES)).media_type)
        except (OSError, NotAnImage, UnsupportedFormat):
            raise NotFound(f"The image {record.file_path} is gone.") from None

    def thumbnail(self, record: Record) -> bytes:
        """Return a small upright JPEG of ``record``, from the cache or made now; raises NotFound or ImageError."""
        cached = self._cached(record)
        try:
            return cached.read_bytes()
        except OSError:
            pass
        data = self._read(record)
        image = open_image(data, self._limits)
        with self._pixels.acquire(image.pixels):
            thumbnail = make_thumbnail(image, THUMBNAIL_SIDE)
        if hashlib.sha256(data).hexdigest() == record.sha256:  # else the file has changed since it was indexed
            _write_to_cache(cached, thumbnail)
        return thumbnail

    def delete_thumbnails(self, records: Iterable[Record]) -> None:
        """Delete the thumbnails of ``records``; where another record has the same image it is made again."""
        for record in records:
            with suppress(OSError):
                self._cached(record).unlink(missing_ok=True)

    def _cached(self, record: Record) -> Path:
        return self._cache / record.sha256[:2] / f"{record.sha256}-{THUMBNAIL_SIDE}.jpg"

    def _read(self, record: Record) -> bytes:
        try:
            with self._path(record).open("rb") as file:
                return file.read(self._limits.max_bytes + 1)  # one more than is allowed: enough to be refused
        except OSError:
            raise NotFound(f"The image {record.file_path} is gone.") from None

    def _path(self, record: Record) -> Path:
        path = self._paths.resolve(record.file_path)
        if path is None and self._paths.root is None and not is_upload(record.file_path):
            raise NotFound("SEARCH_IMAGE_ROOT is not set, so images cannot be shown.")
        if path is None:
            raise NotFound(f"The image {record.file_path} is gone.")
        return path


def _write_to_cache(path: Path, data: bytes) -> None:
    """Write ``data``, unless the disk is full: that costs the cache, not the answer."""
    with suppress(OSError):
        write_atomic(path, data)
