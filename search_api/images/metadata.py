"""The metadata of a record: what it may hold, and how changes are merged into it."""

from collections.abc import Mapping
from typing import Any

from search_api.images.paths import is_upload
from search_api.stores.base import Metadata, MetadataValue
from serving.errors import BadParameter

MAX_KEYS = 64
MAX_KEY_CHARACTERS = 100
MAX_TEXT_CHARACTERS = 4_000
OF_THE_FILE = ("folder", "bytes")  # keys that follow from the file, so no client may set them
NAME = "name"  # of an upload, unless the client chooses another


def merge(metadata: Metadata, changes: Mapping[str, MetadataValue | None]) -> Metadata:
    """Return ``metadata`` with ``changes``, where None removes a key; raises BadParameter for too many keys."""
    merged = {**metadata, **changes}
    return check_size({key: value for key, value in merged.items() if value is not None})


def check_size(metadata: dict[str, Any]) -> dict[str, Any]:
    """Return ``metadata``; raises BadParameter when it has too many keys of its own."""
    if len(metadata.keys() - {*OF_THE_FILE, NAME}) > MAX_KEYS:
        raise BadParameter(f"metadata has at most {MAX_KEYS} keys.")
    return metadata


def file_metadata(file_path: str, size: int) -> Metadata:
    """Return the metadata that every record has from its file of ``size`` bytes; an upload's folder means nothing."""
    if is_upload(file_path):
        return {"bytes": size}
    return {"folder": file_path.rpartition("/")[0], "bytes": size}
