"""Checks that every store makes before it writes or searches."""

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search_api.stores.base import MAX_INTEGER, BadQuery, BadRecord, Record, Vector, ZeroQuery, image_id

_ID = re.compile("[0-9a-f]{32}")
_SHA256 = re.compile("[0-9a-f]{64}")
_SQUARED_LENGTHS = (1e-30, 1e30)  # that a server can compute with in float32


def check_records(records: Sequence[Record], dim: int) -> NDArray[np.float32]:
    """Return the vectors of ``records`` as (n, dim) float32; raises :class:`BadRecord`."""
    for record in records:
        _check_path(record.file_path)
        if record.vector is None or record.vector.shape != (dim,):
            raise BadRecord(f"{record.file_path}: a vector of this collection has {dim} numbers.")
        if not all(_is_text(key) and _is_metadata_value(value) for key, value in record.metadata.items()):
            raise BadRecord(f"{record.file_path}: metadata values are texts, finite numbers of 64 bits or booleans.")
        if record.id != image_id(record.file_path):
            raise BadRecord(f"{record.file_path}: its id is not the one of its path.")
        if not _SHA256.fullmatch(record.sha256):
            raise BadRecord(f"{record.file_path}: sha256 is 64 hex digits.")
    vectors = np.array([record.vector for record in records], np.float32).reshape(len(records), dim)
    bad = np.flatnonzero(~np.isfinite(vectors).all(axis=1) | ~vectors.any(axis=1))
    if bad.size:
        raise BadRecord(f"{records[bad[0]].file_path}: its vector is zero or not finite.")
    return vectors


def check_lengths(records: Sequence[Record], vectors: NDArray[np.float32], engine: str) -> None:
    """Raise :class:`BadRecord` for a vector whose squared length a server cannot keep; ``vectors`` are (n, dim)."""
    lengths = np.square(vectors, dtype=np.float64).sum(axis=1)
    low, high = _SQUARED_LENGTHS
    for record, length in zip(records, lengths.tolist(), strict=True):
        if not low < length < high:
            raise BadRecord(f"{record.file_path}: its vector is too short or too long for {engine}.")


def _check_path(path: str) -> None:
    """Raise BadRecord for a path that could lead out of the image root, or that could be spelt in a second way."""
    if not _is_text(path) or "\0" in path or any(part in ("", ".", "..") for part in path.split("/")):
        raise BadRecord(f"{path!r}: a path is relative to the image root, with single slashes and no . or .. in it.")


def _is_text(value: object) -> bool:
    """Return whether ``value`` is a text that can be written as UTF-8."""
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)


def _is_metadata_value(value: object) -> bool:
    if isinstance(value, int):
        return -MAX_INTEGER - 1 <= value <= MAX_INTEGER
    return _is_text(value) or (isinstance(value, float) and math.isfinite(value))


def check_query(vector: Vector, dim: int) -> None:
    """Raise :class:`BadQuery` or :class:`ZeroQuery` for a vector that cannot be searched with."""
    if vector.shape != (dim,):
        raise BadQuery(f"vector has {vector.size} numbers; this collection's vectors have {dim}.")
    if not np.isfinite(vector).all() or not vector.any():
        raise ZeroQuery("The query vector is zero or not finite: it has no direction to compare.")


def possible_ids(ids: Sequence[str]) -> list[str]:
    """Return each of ``ids`` once, without those that no record can have."""
    return [id_ for id_ in dict.fromkeys(ids) if _ID.fullmatch(id_)]
