"""Records as Elasticsearch keeps them, and back."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from search_api.stores.base import UNKNOWN_SHA256, BadRecord, Hit, Hits, Metric, Record, Relation, as_text
from search_api.stores.checks import check_lengths
from search_api.stores.elastic.query_dsl import ID, METADATA, PATH, SHA256, VECTOR, value_of

_MAX_TERM_BYTES = 32_000  # Lucene refuses terms beyond 32,766


def check_documents(records: Sequence[Record], vectors: NDArray[np.float32]) -> None:
    """Raise BadRecord for what the contract allows and Elasticsearch cannot keep; ``vectors`` are (n, dim)."""
    check_lengths(records, vectors, "Elasticsearch")
    for record in records:
        if any("\0" in key for key in record.metadata):
            raise BadRecord(
                f"{record.file_path}: a key of its metadata holds a NUL, which Elasticsearch does not take."
            )
        terms = [record.file_path, *(f"{key} {as_text(value)}" for key, value in record.metadata.items())]
        if any(len(term.encode()) > _MAX_TERM_BYTES for term in terms):
            raise BadRecord(f"{record.file_path}: its path or metadata is too long for Elasticsearch (32,000 bytes).")


def upsert_line(record: Record, vector: NDArray[np.float32]) -> bytes:
    """The two lines of a bulk request that insert or replace ``record``."""
    document = {
        ID: record.id,
        PATH: record.file_path,
        SHA256: record.sha256,
        METADATA: orjson.Fragment(json.dumps(dict(record.metadata), ensure_ascii=False)),  # numbers as as_text has them
        VECTOR: np.ascontiguousarray(vector),  # its shortest digits, from which the same float32 is read
    }
    action = orjson.dumps({"index": {"_id": record.id}})
    return b"%b\n%b\n" % (action, orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY))


def delete_line(id_: str) -> bytes:
    """The line of a bulk request that deletes the record ``id_``."""
    return orjson.dumps({"delete": {"_id": id_}}) + b"\n"


def as_record(found: Mapping[str, Any]) -> Record:
    """The record of an answer's hit or document; without a vector where none was asked for."""
    source = found["_source"]
    numbers = source.get(VECTOR) or found.get("fields", {}).get(VECTOR)
    vector = None if numbers is None else np.array(numbers, np.float32)
    return Record(found["_id"], source[PATH], source.get(SHA256, UNKNOWN_SHA256), vector, source.get(METADATA) or {})


def as_hits(found: Mapping[str, Any], metric: Metric, relation: Relation) -> Hits:
    """One page of finds."""
    return Hits(
        [_hit(one, metric) for one in found["hits"]],
        found["total"]["value"],
        relation,
    )


def _hit(found: Mapping[str, Any], metric: Metric) -> Hit:
    record, value = as_record(found), value_of(found["_score"], metric)
    score, distance = (value, None) if metric == "cosine" else (None, value)
    return Hit(record.id, record.file_path, record.sha256, score, distance, record.metadata)
