"""What is sent to Elasticsearch, word for word but for the scripts, whose numbers the contract's tests check."""

import json

import numpy as np
import pytest

from search_api.stores.base import Search
from search_api.stores.elastic.query_dsl import (
    SCRIPTS,
    Query,
    ann_query,
    any_of,
    exact_query,
    filter_clauses,
    index_definition,
    scan_query,
)
from tests.stores.elastic.raw import parsed
from tests.stores.samples import FINGERPRINT

_QUERY = np.array([3, 0, -4, 0], np.float32)


def usual_index() -> Query:
    return {
        "settings": {"index": {"number_of_shards": 1, "auto_expand_replicas": "0-1"}},
        "mappings": {
            "dynamic": "strict",
            "_meta": {"image_search": {"fingerprint": FINGERPRINT, "metric": "cosine"}},
            "properties": {
                "id": {"type": "keyword"},
                "file_path": {"type": "keyword"},
                "sha256": {"type": "keyword"},
                "metadata": {"type": "flattened"},
                "feature_vector": {
                    "type": "dense_vector",
                    "element_type": "float",
                    "dims": 512,
                    "index": True,
                    "similarity": "cosine",
                    "index_options": {"type": "hnsw", "m": 16, "ef_construction": 100},
                },
            },
        },
    }


@pytest.mark.parametrize("version", [(8, 0), (8, 16), (9, 0), (9, 1)])
def test_an_index_is_made_with_everything_said_that_versions_differ_in(version: tuple[int, int]) -> None:
    assert index_definition(parsed("elasticsearch://host/images"), FINGERPRINT, 512, version) == usual_index()


def test_from_9_2_on_vectors_are_kept_as_they_were_written() -> None:
    expected = usual_index()
    expected["settings"]["index"]["mapping"] = {"exclude_source_vectors": False}
    assert index_definition(parsed("elasticsearch://host/images"), FINGERPRINT, 512, (9, 2)) == expected


@pytest.mark.parametrize("version", [(9, 3), (9, 4)])
def test_from_9_3_on_a_graph_is_searched_to_the_end(version: tuple[int, int]) -> None:
    expected = usual_index()
    expected["settings"]["index"]["mapping"] = {"exclude_source_vectors": False}
    expected["settings"]["index"]["dense_vector"] = {"hnsw_enable_early_termination": False}
    assert index_definition(parsed("elasticsearch://host/images"), FINGERPRINT, 512, version) == expected


def test_options_of_the_url_shape_the_index() -> None:
    url = parsed("elasticsearch://host/images?metric=l2&shards=3&replicas=2&m=32&ef_construction=200")
    expected = usual_index()
    expected["settings"]["index"] = {"number_of_shards": 3, "number_of_replicas": 2}
    expected["mappings"]["_meta"]["image_search"]["metric"] = "l2"
    vector = expected["mappings"]["properties"]["feature_vector"]
    vector |= {"dims": 4, "similarity": "l2_norm"}
    vector["index_options"] = {"type": "hnsw", "m": 32, "ef_construction": 200}
    assert index_definition(url, FINGERPRINT, 4, (8, 16)) == expected


def test_an_exact_search_scores_every_record_that_has_a_vector() -> None:
    assert exact_query(Search(_QUERY), "cosine") == {
        "query": {
            "script_score": {
                "query": {"bool": {"filter": [{"exists": {"field": "feature_vector"}}]}},
                "script": {"source": SCRIPTS["cosine"], "params": {"query": pytest.approx([0.6, 0, -0.8, 0])}},
            }
        },
        "sort": [{"_score": "desc"}, {"id": "asc"}],
        "from": 0,
        "size": 10,
        "track_total_hits": True,
        "_source": {"excludes": ["feature_vector"]},
    }


def test_an_exact_search_confines_and_pages() -> None:
    search = Search(_QUERY, 9.0, 40, 20, {"kind": ["hat"]})
    assert exact_query(search, "l2", "file_path", [{"term": {"extra": 1}}]) == {
        "query": {
            "script_score": {
                "query": {
                    "bool": {
                        "filter": [
                            {"exists": {"field": "feature_vector"}},
                            {"term": {"extra": 1}},
                            {"terms": {"metadata.kind": ["hat"]}},
                        ]
                    }
                },
                "script": {"source": SCRIPTS["l2"], "params": {"query": [3.0, 0.0, -4.0, 0.0]}},
            }
        },
        "sort": [{"_score": "desc"}, {"file_path": "asc"}],
        "from": 40,
        "size": 20,
        "track_total_hits": True,
        "_source": {"excludes": ["feature_vector"]},
        "min_score": 0.1,
    }


def test_an_ann_search_scores_the_candidates_alone() -> None:
    search = Search(_QUERY, 0.5, 5, 5, {"kind": ["hat"]}, "ann", 300)
    unit = pytest.approx([0.6, 0, -0.8, 0])
    assert ann_query(search, "cosine") == {
        "query": {
            "script_score": {
                "query": {
                    "knn": {
                        "field": "feature_vector",
                        "query_vector": unit,
                        "k": 300,
                        "num_candidates": 300,
                        "filter": [{"terms": {"metadata.kind": ["hat"]}}],
                    }
                },
                "script": {"source": SCRIPTS["cosine"], "params": {"query": unit}},
            }
        },
        "sort": [{"_score": "desc"}, {"id": "asc"}],
        "from": 5,
        "size": 5,
        "track_total_hits": True,
        "_source": {"excludes": ["feature_vector"]},
        "min_score": 1.5,
    }


def test_every_page_of_an_ann_search_asks_for_the_same_candidates() -> None:
    pages = [ann_query(Search(_QUERY, None, offset, 10, mode="ann"), "cosine") for offset in (0, 10, 190)]
    assert [page.pop("from") for page in pages] == [0, 10, 190]
    assert pages[0] == pages[1] == pages[2]


def test_queries_are_plain_json() -> None:
    search = Search(_QUERY, 0.5, filter={"kind": ["hat"]})
    for sent in (exact_query(search, "cosine"), exact_query(search, "l2"), ann_query(search, "cosine")):
        assert json.loads(json.dumps(sent)) == sent


@pytest.mark.parametrize("key", ["kind", "a.b", "*", "a b", "ü", "日本", '"', "_id", "metadata", "-", "\\"])
def test_a_key_of_a_filter_is_taken_as_it_is(key: str) -> None:
    assert filter_clauses({key: ["x", ""]}) == [{"terms": {f"metadata.{key}": ["x", ""]}}]


def test_filters_of_odd_shapes_match_what_they_say() -> None:
    assert filter_clauses({}) == []
    assert filter_clauses({"kind": []}) == [{"terms": {"metadata.kind": []}}]
    assert filter_clauses({"a\0b": ["x"]}) == [{"match_none": {}}]
    assert filter_clauses({"a": ["x"], "b": ["y", "z"]}) == [
        {"terms": {"metadata.a": ["x"]}},
        {"terms": {"metadata.b": ["y", "z"]}},
    ]


def test_more_values_than_one_clause_takes_are_shared_out() -> None:
    values = [str(number) for number in range(120_000)]
    (clause,) = filter_clauses({"kind": values})
    parts = [part["terms"]["metadata.kind"] for part in clause["bool"]["should"]]
    assert [len(part) for part in parts] == [50_000, 50_000, 20_000]
    assert [value for part in parts for value in part] == values
    assert any_of("sha256", values[:50_000]) == {"terms": {"sha256": values[:50_000]}}


def test_reading_goes_on_where_it_ended() -> None:
    first = {
        "query": {"match_all": {}},
        "pit": {"id": "a pit", "keep_alive": "10m"},
        "sort": ["_shard_doc"],
        "size": 1_000,
        "track_total_hits": False,
        "_source": {"excludes": ["feature_vector"]},
    }
    assert scan_query({"match_all": {}}, "a pit", "10m", None, with_vectors=False) == first
    next_one = {**first, "search_after": [17], "fields": ["feature_vector"]}
    assert scan_query({"match_all": {}}, "a pit", "10m", (17,), with_vectors=True) == next_one
