"""What an index is, by its mapping: a collection that create() made, a legacy index, or neither.

A legacy index is one that the published script made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from search_api.stores.base import METRICS, Metric, StoreUnavailable
from search_api.stores.elastic.query_dsl import ID, META, METADATA, PATH, SHA256, SIMILARITIES, VECTOR


@dataclass(frozen=True)
class IndexMapping:
    """What an index says of itself. ``name`` is its own, whatever alias led to it.

    ``fingerprint`` is None in a legacy index. ``path_field`` is the field in which file paths are looked up, ``graph``
    the options of the vectors' HNSW graph.
    """

    name: str
    uuid: str
    fingerprint: str | None
    metric: Metric
    dim: int
    path_field: str
    graph: Mapping[str, Any]


def is_ours(index: Mapping[str, Any]) -> bool:
    """Return whether create() made ``index``, as the server describes it."""
    return META in index["mappings"].get("_meta", {})


def read_mapping(name: str, index: Mapping[str, Any], display_name: str) -> IndexMapping:
    """Return the mapping of ``index``, as the server describes it; raises StoreUnavailable when it is no collection."""
    mappings = index["mappings"]
    fields = mappings.get("properties", {})
    vector, notes = fields.get(VECTOR, {}), mappings.get("_meta", {}).get(META)
    path_field = PATH if notes else _path_field(fields.get(PATH, {}))
    if vector.get("type") != "dense_vector" or "dims" not in vector or path_field is None:
        raise StoreUnavailable(
            f"This index is not a collection of images ({display_name}): it needs a field {VECTOR} of type dense_vector"
            f" and a field {PATH} of type keyword."
        )
    mapping = IndexMapping(
        name=name,
        uuid=index["settings"]["index"]["uuid"],
        fingerprint=None if notes is None else str(notes.get("fingerprint")),
        metric="cosine" if notes is None else cast(Metric, notes.get("metric")),
        dim=int(vector["dims"]),
        path_field=path_field,
        graph=vector.get("index_options", {}),
    )
    if notes is not None:
        _check(mapping, fields, display_name)
    return mapping


def _check(mapping: IndexMapping, fields: Mapping[str, Any], display_name: str) -> None:
    """Raise StoreUnavailable unless the mapping is as create() wrote it: an index may have been rebuilt by hand."""
    wanted = {ID: "keyword", PATH: "keyword", SHA256: "keyword", METADATA: "flattened"}
    wrong = [name for name, kind in wanted.items() if fields.get(name, {}).get("type") != kind]
    vector = fields[VECTOR]
    if mapping.metric not in METRICS or vector.get("similarity") != SIMILARITIES[mapping.metric]:
        wrong.append(f"{VECTOR}.similarity")
    if vector.get("element_type", "float") != "float" or mapping.graph.get("type") != "hnsw":
        wrong.append(f"{VECTOR}.index_options")
    if wrong:
        raise StoreUnavailable(
            f"The index is not as it was created ({display_name}): {', '.join(wrong)} differ. Export its records,"
            " create it again and import them."
        )


def _path_field(field: Mapping[str, Any]) -> str | None:
    """Return the field that holds whole paths, None without one: dynamic mapping puts a keyword below a text."""
    if field.get("type") == "keyword":
        return PATH
    return f"{PATH}.keyword" if field.get("fields", {}).get("keyword", {}).get("type") == "keyword" else None
