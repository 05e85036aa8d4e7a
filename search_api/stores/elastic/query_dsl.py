"""Requests in Elasticsearch's query DSL, as plain data: nothing here sends them.

Scores. Elasticsearch allows no negative score, so under cosine a hit's score is the cosine plus 1; under l2 it is
1 / (1 + d), where d is the squared distance, because larger must be better. ``to_elastic_score`` and
``from_elastic_score`` convert. Both modes score with the same script, so that ann gives the same numbers as exact.
Cosines are rounded to six decimals, as in every store: what differs by less is a tie, ordered by id.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from search_api.stores.base import SCORE_DECIMALS, Filter, Metric, Search, Vector
from search_api.stores.elastic.url import ElasticUrl
from search_api.stores.scoring import unit_vector

VECTOR = "feature_vector"
PATH = "file_path"
SHA256 = "sha256"
METADATA = "metadata"
ID = "id"
META = "image_search"  # the key in the mapping's _meta under which fingerprint and metric are kept
READ_SIZE = 1_000  # records in one page when many are read

Query = dict[str, Any]

SCRIPTS: Mapping[Metric, str] = {
    # Elasticsearch treats every length within 0.0005 of 1 as 1, and its cosineSimilarity is wrong by as much. Where it
    # says 1 the true length follows from |q - v|^2 = 1 + |v|^2 - 2 q v.
    # Rounding may lead below -1, and one negative score makes Elasticsearch fail the whole search.
    "cosine": f"double p = dotProduct(params.query, '{VECTOR}'), m = doc['{VECTOR}'].magnitude;"
    f" if (m == 1) {{ double d = l2norm(params.query, '{VECTOR}'); m = Math.sqrt(d * d - 1 + 2 * p); }}"
    f" return Math.max(0, Math.round(p / m * 1e{SCORE_DECIMALS}) / 1e{SCORE_DECIMALS} + 1)",
    "l2": f"double d = l2norm(params.query, '{VECTOR}'); return 1 / (1 + d * d)",
}
SIMILARITIES: Mapping[Metric, str] = {"cosine": "cosine", "l2": "l2_norm"}
_MAX_TERMS = 50_000  # Elasticsearch accepts 65,536 in one clause


def index_definition(url: ElasticUrl, fingerprint: str, dim: int, version: tuple[int, int]) -> Query:
    """Return settings and mappings of a new index for vectors (dim,) on a server of ``version`` (major, minor).

    Whatever has a default that differs between versions is written out.
    """
    index: Query = {"number_of_shards": url.shards}
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
    """Return the alias through which the index ``name`` is written: it goes when the index goes."""
    return f"{name}.writes"


def exact_query(search: Search, metric: Metric, tie_breaker: str = ID, more_clauses: Sequence[Query] = ()) -> Query:
    """Return the query that compares every record with a vector; ``more_clauses`` confine it beside the filter.

    Ties are ordered by the field ``tie_breaker``.
    """
    clauses = [{"exists": {"field": VECTOR}}, *more_clauses, *_clauses(search)]
    return _scored_page({"bool": {"filter": clauses}}, search, metric, tie_breaker)


def ann_query(search: Search, metric: Metric) -> Query:
    """Return the query that compares the ``search.candidates`` records of a kNN query, the same ones for every page."""
    knn = {
        "field": VECTOR,
        "query_vector": query_vector(search.vector, metric),
        "k": search.candidates,
        "num_candidates": search.candidates,
        "filter": _clauses(search),
    }
    return _scored_page({"knn": knn}, search, metric, ID)


def _scored_page(query: Query, search: Search, metric: Metric, tie_breaker: str) -> Query:
    script = {"source": SCRIPTS[metric], "params": {"query": query_vector(search.vector, metric)}}
    scored: Query = {
        "query": {"script_score": {"query": query, "script": script}},
        "sort": [{"_score": "desc"}, {tie_breaker: "asc"}],
        "from": search.offset,
        "size": search.limit,
        "track_total_hits": True,
        "_source": {"excludes": [VECTOR]},
    }
    if search.threshold is not None:
        scored["min_score"] = to_elastic_score(search.threshold, metric)
    return scored


def query_vector(vector: Vector, metric: Metric) -> list[float]:
    """Return ``vector`` (dim,) as a query has it: at length 1 under cosine, so that no length troubles the script."""
    numbers: list[float] = (unit_vector(vector) if metric == "cosine" else vector).tolist()
    return numbers


def to_elastic_score(value: float, metric: Metric) -> float:
    """Return Elasticsearch's score for ``value``, a cosine or under l2 a squared distance."""
    return value + 1 if metric == "cosine" else 1 / (1 + value)


def from_elastic_score(score: float, metric: Metric) -> float:
    """Return the cosine, or under l2 the squared distance, that Elasticsearch's ``score`` stands for."""
    if metric == "cosine":
        return min(1.0, max(-1.0, round(score - 1, SCORE_DECIMALS)))
    return max(0.0, 1 / score - 1) if score else float("inf")


def _clauses(search: Search) -> list[Query]:
    ids = [id_ for id_ in search.exclude if id_]  # Elasticsearch rejects an empty one
    excluded: list[Query] = [{"bool": {"must_not": {"ids": {"values": ids}}}}] if ids else []
    return filter_clauses(search.filter) + excluded


def filter_clauses(filter: Filter) -> list[Query]:
    """Return one clause for each key of ``filter``, all of which a record must match."""
    return [_filter_clause(key, values) for key, values in filter.items()]


def _filter_clause(key: str, values: Sequence[str]) -> Query:
    if "\0" in key:  # Elasticsearch separates key and value with it; no record has such a key
        return {"match_none": {}}
    return any_of(f"{METADATA}.{key}", values)


def any_of(field: str, values: Sequence[str]) -> Query:
    """Return the clause for records whose ``field`` is one of ``values``, however many there are."""
    parts = [list(values[start : start + _MAX_TERMS]) for start in range(0, len(values), _MAX_TERMS)] or [[]]
    clauses: list[Query] = [{"terms": {field: part}} for part in parts]
    return clauses[0] if len(clauses) == 1 else {"bool": {"should": clauses}}


def browse_query(filter: Filter, sort_field: str, after: str, offset: int, limit: int) -> Query:
    """Return the query for a page of what matches ``filter``, by ``sort_field`` and beyond its value ``after``."""
    beyond: list[Query] = [{"range": {sort_field: {"gt": after}}}] if after else []
    return {
        "query": {"bool": {"filter": filter_clauses(filter) + beyond}},
        "sort": [{sort_field: "asc"}],
        "from": offset,
        "size": limit,
        "track_total_hits": False,
        "_source": {"excludes": [VECTOR]},
    }


def count_query(filter: Filter) -> Query:
    """Return the query that counts what matches ``filter``, and fetches nothing."""
    return {"query": {"bool": {"filter": filter_clauses(filter)}}, "size": 0, "track_total_hits": True}


def scan_query(query: Query, pit: str, keep_alive: str, after: Sequence[Any] | None, with_vectors: bool) -> Query:
    """Return the query for the next READ_SIZE matches of ``query`` in the point in time ``pit``.

    ``after`` is the sort key of the last one so far; None for the first page.
    """
    page: Query = {
        "query": query,
        "pit": {"id": pit, "keep_alive": keep_alive},
        "sort": ["_shard_doc"],
        "size": READ_SIZE,
        "track_total_hits": False,
        "_source": {"excludes": [VECTOR]},
    }
    if with_vectors:  # as a field, because the source of an index that others made on 9.2 or later has none
        page["fields"] = [VECTOR]
    if after is not None:
        page["search_after"] = list(after)
    return page
