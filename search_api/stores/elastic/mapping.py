"""What an index is, read back from its mapping: one of ours, one of the published script, or neither."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from search_api.stores.base import METRICS, Metric, StoreUnavailable
from search_api.stores.elastic.query_dsl import ID, META, METADATA, PATH, SHA256, SIMILARITIES, VECTOR


@dataclass(frozen=True)
class Layout:
    """``name`` is the index's own, whatever alias led to it. ``fingerprint`` None: made by the published script.

    ``path`` is the field that file paths are searched in, ``graph`` describes the vectors' graph for ann searches.
    """

    name: str
    uuid: str
    fingerprint: str | None
    metric: Metric
    dim: int
    path: str
    graph: Mapping[str, Any]


def is_ours(index: Mapping[str, Any]) -> bool:
    """Whether create() made ``index``, the server's description of it."""
    return META in index["mappings"].get("_meta", {})


def read_layout(name: str, index: Mapping[str, Any], display_name: str) -> Layout:
    """The layout of ``index``, the server's description of it; raises StoreUnavailable when it is no collection."""
    mapping = index["mappings"]
    fields = mapping.get("properties", {})
    vector, notes = fields.get(VECTOR, {}), mapping.get("_meta", {}).get(META)
    path = PATH if notes else _path_field(fields.get(PATH, {}))
    if vector.get("type") != "dense_vector" or "dims" not in vector or path is None:
        raise StoreUnavailable(
            f"This index is no collection of images ({display_name}): it has no {VECTOR} of type dense_vector beside a"
            f" {PATH} of type keyword."
        )
    layout = Layout(
        name=name,
        uuid=index["settings"]["index"]["uuid"],
        fingerprint=None if notes is None else str(notes.get("fingerprint")),
        metric="cosine" if notes is None else cast(Metric, notes.get("metric")),
        dim=int(vector["dims"]),
        path=path,
        graph=vector.get("index_options", {}),
    )
    if notes is not None:
        _check(layout, fields, display_name)
    return layout


def _check(layout: Layout, fields: Mapping[str, Any], display_name: str) -> None:
    """Whether the mapping is as index_body wrote it; an index may have been restored or made over by hand."""
    wanted = {ID: "keyword", PATH: "keyword", SHA256: "keyword", METADATA: "flattened"}
    wrong = [name for name, kind in wanted.items() if fields.get(name, {}).get("type") != kind]
    vector = fields[VECTOR]
    if layout.metric not in METRICS or vector.get("similarity") != SIMILARITIES[layout.metric]:
        wrong.append(f"{VECTOR}.similarity")
    if vector.get("element_type", "float") != "float" or layout.graph.get("type") != "hnsw":
        wrong.append(f"{VECTOR}.index_options")
    if wrong:
        raise StoreUnavailable(
            f"The index is not as it was created ({display_name}): {', '.join(wrong)} differ. Export its records,"
            " create it again and import them."
        )


def _path_field(field: Mapping[str, Any]) -> str | None:
    """Where whole paths can be compared: dynamic mapping makes a text with a keyword below."""
    if field.get("type") == "keyword":
        return PATH
    return f"{PATH}.keyword" if field.get("fields", {}).get("keyword", {}).get("type") == "keyword" else None
