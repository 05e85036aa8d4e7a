"""Turns records into rows of Milvus, and rows into records."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search_api.stores.base import BadRecord, Record
from search_api.stores.checks import check_lengths
from search_api.stores.milvus.expressions import ID, METADATA, PATH, SHA256, TAGS, VECTOR, tags_of
from search_api.stores.milvus.schema import MAX_TEXT_BYTES

Row = dict[str, Any]
TEXTS = [ID, PATH, SHA256, METADATA]  # the fields of a record without its vector
_MAX_JSON_BYTES = 65_000  # Milvus accepts 65,536 in a field


def check_rows(records: Sequence[Record], vectors: NDArray[np.float32]) -> None:
    """Raise BadRecord for what the contract allows and Milvus cannot keep; ``vectors`` are (n, dim)."""
    check_lengths(records, vectors, "Milvus")
    for record in records:
        if len(record.file_path.encode()) > MAX_TEXT_BYTES:
            raise BadRecord(f"{record.file_path[:80]}...: its path is too long for Milvus (65,535 bytes).")
        sizes = [len(json.dumps(part)) for part in (dict(record.metadata), tags_of(record.metadata))]
        if max(sizes) > _MAX_JSON_BYTES:
            raise BadRecord(f"{record.file_path}: its metadata is too long for Milvus (65,000 bytes as JSON).")


def as_row(record: Record, vector: NDArray[np.float32]) -> Row:
    """Return the row that is written for ``record``; ``vector`` is (dim,)."""
    return {
        ID: record.id,
        PATH: record.file_path,
        SHA256: record.sha256,
        METADATA: dict(record.metadata),
        TAGS: tags_of(record.metadata),
        VECTOR: vector,
    }


def as_record(row: Mapping[str, Any]) -> Record:
    """Return the record of a row that was read; without a vector where none was asked for."""
    numbers = row.get(VECTOR)
    vector = None if numbers is None else np.array(numbers, np.float32)
    return Record(row[ID], row[PATH], row[SHA256], vector, row[METADATA])
