"""The schema of a collection of ours: how it is created, and how it is read back from Milvus."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from pymilvus import CollectionSchema, DataType, MilvusClient
from pymilvus.milvus_client import IndexParams

from search_api.stores.base import METRICS, Metric, StoreUnavailable
from search_api.stores.milvus.expressions import ID, METADATA, PATH, SHA256, TAGS, VECTOR
from search_api.stores.milvus.url import MilvusUrl, VectorIndex

ABOUT = "image_search.about"  # the property with our notes: milvus-lite forgets descriptions
METRIC_TYPES: Mapping[Metric, str] = {"cosine": "COSINE", "l2": "L2"}
_INDEX_TYPES: Mapping[VectorIndex, str] = {"flat": "FLAT", "hnsw": "HNSW"}
_VERSION = 1
MAX_TEXT_BYTES = 65_535
_ID_BYTES, _SHA256_BYTES = 32, 64
_WANTED = {ID: DataType.VARCHAR, PATH: DataType.VARCHAR, SHA256: DataType.VARCHAR, METADATA: DataType.JSON}
_WANTED |= {TAGS: DataType.JSON, VECTOR: DataType.FLOAT_VECTOR}


@dataclass(frozen=True)
class StoredSchema:
    """What a collection says of itself. ``name`` is its own, whatever alias led to it."""

    name: str
    fingerprint: str
    metric: Metric
    dim: int
    index: VectorIndex


def collection_schema(dim: int) -> CollectionSchema:
    """Return the fields of a collection for vectors (dim,)."""
    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field(ID, DataType.VARCHAR, is_primary=True, max_length=_ID_BYTES)
    schema.add_field(PATH, DataType.VARCHAR, max_length=MAX_TEXT_BYTES)
    schema.add_field(SHA256, DataType.VARCHAR, max_length=_SHA256_BYTES)
    schema.add_field(METADATA, DataType.JSON)
    schema.add_field(TAGS, DataType.JSON)
    schema.add_field(VECTOR, DataType.FLOAT_VECTOR, dim=dim)
    return schema


def index_params(url: MilvusUrl) -> IndexParams:
    """Return the index of the vectors that ``url`` asks for."""
    graph = {"M": url.m, "efConstruction": url.ef_construction} if url.index == "hnsw" else {}
    index = MilvusClient.prepare_index_params()
    index.add_index(VECTOR, index_type=_INDEX_TYPES[url.index], metric_type=METRIC_TYPES[url.metric], params=graph)
    return index


def collection_properties(url: MilvusUrl, fingerprint: str) -> dict[str, str]:
    """Return our notes, as properties of the collection: version of the schema, fingerprint and metric."""
    return {ABOUT: json.dumps({"version": _VERSION, "fingerprint": fingerprint, "metric": url.metric})}


def is_ours(description: Mapping[str, Any]) -> bool:
    """Return whether create() made the collection that Milvus describes so."""
    return ABOUT in description["properties"]


def read_schema(description: Mapping[str, Any], index: Mapping[str, Any], display_name: str) -> StoredSchema:
    """Return the schema of a collection whose ``description`` and ``index`` Milvus gives; raises StoreUnavailable."""
    name, fields = description["collection_name"], {field["name"]: field for field in description["fields"]}
    if not is_ours(description):
        raise StoreUnavailable(
            f"The Milvus collection {name} was not made by an image search ({display_name}): name another one, or"
            " export its vectors and import them."
        )
    notes = json.loads(description["properties"][ABOUT])
    if notes["version"] != _VERSION:
        raise StoreUnavailable(
            f"{display_name} has schema version {notes['version']}, this program reads {_VERSION}: update it."
        )
    kinds = [kind for kind, type_ in _INDEX_TYPES.items() if type_ == index.get("index_type")]
    wrong = [field for field, kind in _WANTED.items() if fields.get(field, {}).get("type") != kind]
    if notes["metric"] not in METRICS or index.get("metric_type") != METRIC_TYPES[notes["metric"]] or not kinds:
        wrong.append(f"{VECTOR}'s index")
    if wrong:
        raise StoreUnavailable(
            f"The collection is not as it was created ({display_name}): {', '.join(wrong)} differ. Export its records,"
            " create it again and import them."
        )
    return StoredSchema(
        name=name,
        fingerprint=str(notes["fingerprint"]),
        metric=cast(Metric, notes["metric"]),
        dim=int(fields[VECTOR]["params"]["dim"]),
        index=kinds[0],
    )
