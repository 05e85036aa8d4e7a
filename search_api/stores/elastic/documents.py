"""Turns records into Elasticsearch documents and bulk actions, and documents into records and hits."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from search_api.stores.base import UNKNOWN_SHA256, BadRecord, Hits, Metric, Record, Relation, as_text
from search_api.stores.checks import check_lengths
from search_api.stores.elastic.query_dsl import ID, METADATA, PATH, SHA256, VECTOR, from_elastic_score
from search_api.stores.scoring import as_hit

_MAX_TERM_BYTES = 32_000  # Lucene refuses terms beyond 32,766


def check_documents(records: Sequence[Record], vectors: NDArray[np.float32]) -> None:
    """Raise BadRecord for what the contract allows and Elasticsearch cannot keep; ``vectors`` are (n, dim)."""
    check_lengths(records, vectors, "Elasticsearch")
    for record in records:
        if any("\0" in key for key in record.metadata):
            raise BadRecord(
                f"{record.file_path}: a key of its metadata holds a NUL, which Elasticsearch does not accept."
            )
        terms = [record.file_path, *(f"{key} {as_text(value)}" for key, value in record.metadata.items())]
        if any(len(term.encode()) > _MAX_TERM_BYTES for term in terms):
            raise BadRecord(f"{record.file_path}: its path or metadata is too long for Elasticsearch (32,000 bytes).")


def upsert_action(record: Record, vector: NDArray[np.float32]) -> bytes:
    """Return the two lines of a bulk request that insert or replace ``record``; ``vector`` is (dim,)."""
    document = {
        ID: record.id,
        PATH: record.file_path,
        SHA256: record.sha256,
        METADATA: orjson.Fragment(
            json.dumps(dict(record.metadata), ensure_ascii=False)
        ),  # its numbers as filters compare them
        VECTOR: np.ascontiguousarray(vector),  # its shortest digits, from which the same float32 is read
    }
    action = orjson.dumps({"index": {"_id": record.id}})
    return b"%b\n%b\n" % (action, orjson.dumps(document, option=orjson.OPT_SERIALIZE_NUMPY))


def delete_action(id_: str) -> bytes:
    """Return the line of a bulk request that deletes the record ``id_``."""
    return orjson.dumps({"delete": {"_id": id_}}) + b"\n"


def as_record(document: Mapping[str, Any]) -> Record:
    """Return the record of a search's hit or of a fetched document; without a vector where none was asked for."""
    source = document["_source"]
    numbers = source.get(VECTOR) or document.get("fields", {}).get(VECTOR)
    vector = None if numbers is None else np.array(numbers, np.float32)
    return Record(document["_id"], source[PATH], source.get(SHA256, UNKNOWN_SHA256), vector, source.get(METADATA) or {})


def as_hits(found: Mapping[str, Any], metric: Metric, relation: Relation) -> Hits:
    """Return the page of hits in ``found``, the ``hits`` of a search's answer."""
    hits = [as_hit(as_record(hit), from_elastic_score(hit["_score"], metric), metric) for hit in found["hits"]]
    return Hits(hits, found["total"]["value"], relation)
