"""Request bodies for Elasticsearch, as plain data: nothing here knows how they are sent.

Scores. Elasticsearch allows no negative score, so under cosine a hit's score is the cosine plus 1; under l2 it is
1 / (1 + d), where d is the squared distance, because larger must be better. ``score_of`` and ``value_of`` turn a
threshold into such a score and a score back. Both modes score with the same script, so that ann gives the same numbers
as exact. Cosines are rounded to six decimals, as every store does: what differs by less is a tie, ordered by id.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from search_api.stores.base import Filter, Metric, Search, Vector
from search_api.stores.elastic.url import ElasticUrl

VECTOR = "feature_vector"
PATH = "file_path"
SHA256 = "sha256"
METADATA = "metadata"
ID = "id"
META = "image_search"  # the key of our notes in the mapping's _meta
READ_SIZE = 1_000  # records in one answer when many are read

Body = dict[str, Any]

SCRIPTS: Mapping[Metric, str] = {
    # Elasticsearch takes every length within 0.0005 of 1 for 1, and its cosineSimilarity is wrong by as much. Where it
    # says 1 the true length follows from |q - v|^2 = 1 + |v|^2 - 2 q v.
    # Rounding may lead below -1, and Elasticsearch refuses every answer to a search with one negative score.
    "cosine": f"double p = dotProduct(params.query, '{VECTOR}'), m = doc['{VECTOR}'].magnitude;"
    f" if (m == 1) {{ double d = l2norm(params.query, '{VECTOR}'); m = Math.sqrt(d * d - 1 + 2 * p); }}"
    " return Math.max(0, Math.round(p / m * 1e6) / 1e6 + 1)",
    "l2": f"double d = l2norm(params.query, '{VECTOR}'); return 1 / (1 + d * d)",
}
SIMILARITIES: Mapping[Metric, str] = {"cosine": "cosine", "l2": "l2_norm"}
_SCORE_DECIMALS = 6
_TERMS = 50_000  # Elasticsearch takes 65,536 in one clause


def index_body(url: ElasticUrl, fingerprint: str, dim: int, version: tuple[int, int]) -> Body:
    """How to create an index for vectors of ``dim`` numbers. Everything whose default changes by version is written."""
    index: Body = {"number_of_shards": url.shards}
    if url.replicas is None:
        index["auto_expand_replicas"] = "0-1"
    else:
        index["number_of_replicas"] = url.replicas
    if version >= (9, 2):  # else vectors come back as computed from normalised ones, not as they were written
        index["mapping"] = {"exclude_source_vectors": False}
    if version >= (9, 3):  # else a search of the graph ends before it has looked at all the candidates it may
        index["dense_vector"] = {"hnsw_enable_early_termination": False}
    vector = {
        "type": "dense_vector",
        "element_type": "float",
        "dims": dim,
        "index": True,
        "similarity": SIMILARITIES[url.metric],
        "index_options": {"type": "hnsw", "m": url.m, "ef_construction": url.ef_construction},
    }
    properties = {name: {"type": "keyword"} for name in (ID, PATH, SHA256)}
    mappings = {
        "dynamic": "strict",
        "_meta": {META: {"fingerprint": fingerprint, "metric": url.metric}},
        "properties": {**properties, METADATA: {"type": "flattened"}, VECTOR: vector},
    }
    return {"settings": {"index": index}, "mappings": mappings}


def write_alias(name: str) -> str:
    """The alias of the index ``name`` that is written through: with the index it goes."""
    return f"{name}.writes"


def exact_body(search: Search, metric: Metric, tie: str = ID, alike: Sequence[Body] = ()) -> Body:
    """Compare every record that has a vector; ``alike`` are clauses that a record must match beside the filter."""
    clauses = [{"exists": {"field": VECTOR}}, *alike, *_clauses(search)]
    return _ranking({"bool": {"filter": clauses}}, search, metric, tie)


def ann_body(search: Search, metric: Metric) -> Body:
    """Compare the ``search.candidates`` records that the graph finds: the same ones for every page."""
    knn = {
        "field": VECTOR,
        "query_vector": as_query(search.vector, metric),
        "k": search.candidates,
        "num_candidates": search.candidates,
        "filter": _clauses(search),
    }
    return _ranking({"knn": knn}, search, metric, ID)


def _ranking(query: Body, search: Search, metric: Metric, tie: str) -> Body:
    script = {"source": SCRIPTS[metric], "params": {"query": as_query(search.vector, metric)}}
    body: Body = {
        "query": {"script_score": {"query": query, "script": script}},
        "sort": [{"_score": "desc"}, {tie: "asc"}],
        "from": search.offset,
        "size": search.limit,
        "track_total_hits": True,
        "_source": {"excludes": [VECTOR]},
    }
    if search.threshold is not None:
        body["min_score"] = score_of(search.threshold, metric)
    return body


def as_query(vector: Vector, metric: Metric) -> list[float]:
    """``vector`` as a query: of length 1 under cosine, so that no length is too small or too large for the script."""
    if metric == "l2":
        return [float(number) for number in vector]
    longest = float(abs(vector).max())
    scaled = vector.astype("f8") / longest
    unit: list[float] = (scaled / float((scaled * scaled).sum()) ** 0.5).tolist()
    return unit


def score_of(threshold: float, metric: Metric) -> float:
    """The smallest Elasticsearch score that passes ``threshold``."""
    return threshold + 1 if metric == "cosine" else 1 / (1 + threshold)


def value_of(score: float, metric: Metric) -> float:
    """The cosine, or the squared distance under l2, that an Elasticsearch score stands for."""
    if metric == "cosine":
        return min(1.0, max(-1.0, round(score - 1, _SCORE_DECIMALS)))
    return max(0.0, 1 / score - 1) if score else float("inf")


def _clauses(search: Search) -> list[Body]:
    ids = [id_ for id_ in search.exclude if id_]  # Elasticsearch refuses an empty one
    excluded: list[Body] = [{"bool": {"must_not": {"ids": {"values": ids}}}}] if ids else []
    return filter_clauses(search.filter) + excluded


def filter_clauses(filter: Filter) -> list[Body]:
    """One clause a key, all of which must match."""
    return [_filter_clause(key, values) for key, values in filter.items()]


def _filter_clause(key: str, values: Sequence[str]) -> Body:
    if "\0" in key:  # Elasticsearch divides key and value by it; no record has such a key
        return {"match_none": {}}
    return any_of(f"{METADATA}.{key}", values)


def any_of(field: str, values: Sequence[str]) -> Body:
    """Records whose ``field`` is one of ``values``, however many there are."""
    parts = [list(values[start : start + _TERMS]) for start in range(0, len(values), _TERMS)] or [[]]
    clauses: list[Body] = [{"terms": {field: part}} for part in parts]
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses}}


def browsing_body(filter: Filter, order: str, after: str, offset: int, limit: int) -> Body:
    """``limit`` records that match ``filter``, by the field ``order`` and beyond its value ``after``."""
    beyond: list[Body] = [{"range": {order: {"gt": after}}}] if after else []
    return {
        "query": {"bool": {"filter": filter_clauses(filter) + beyond}},
        "sort": [{order: "asc"}],
        "from": offset,
        "size": limit,
        "track_total_hits": False,
        "_source": {"excludes": [VECTOR]},
    }


def counting_body(filter: Filter) -> Body:
    """How many records match ``filter``."""
    return {"query": {"bool": {"filter": filter_clauses(filter)}}, "size": 0, "track_total_hits": True}


def reading_body(query: Body, pit: str, keep_alive: str, after: Sequence[Any] | None, with_vectors: bool) -> Body:
    """The next READ_SIZE records of the point in time ``pit`` that match ``query``; ``after``: where the last ended."""
    body: Body = {
        "query": query,
        "pit": {"id": pit, "keep_alive": keep_alive},
        "sort": ["_shard_doc"],
        "size": READ_SIZE,
        "track_total_hits": False,
        "_source": {"excludes": [VECTOR]},
    }
    if with_vectors:  # as a field, because the source of an index that others made on 9.2 or later has none
        body["fields"] = [VECTOR]
    if after is not None:
        body["search_after"] = list(after)
    return body
