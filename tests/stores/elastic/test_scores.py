"""Elasticsearch's scores, which are never negative and the larger the better, stand for cosines and distances."""

import numpy as np
import pytest

from search_api.stores.base import Metric
from search_api.stores.elastic.query_dsl import from_elastic_score, query_vector, to_elastic_score


@pytest.mark.parametrize("metric", ["cosine", "l2"])
def test_scores_and_values_are_the_inverse_of_each_other(metric: Metric) -> None:
    values = np.linspace(-1, 1, 201) if metric == "cosine" else np.geomspace(1e-6, 1e6, 201)
    for value in values.tolist():
        assert from_elastic_score(to_elastic_score(value, metric), metric) == pytest.approx(value, rel=1e-6, abs=1e-6)
        in_float32 = float(np.float32(to_elastic_score(value, metric)))  # as Elasticsearch computes
        assert from_elastic_score(in_float32, metric) == pytest.approx(value, rel=1e-6 * (1 + value), abs=1e-6)


def test_scores_lie_where_elasticsearch_allows_them_and_rank_alike() -> None:
    assert to_elastic_score(-1.0, "cosine") == 0.0
    assert to_elastic_score(0.0, "l2") == 1.0
    assert 0 < to_elastic_score(1e30, "l2") < to_elastic_score(9.0, "l2") < to_elastic_score(4.0, "l2")


def test_what_rounding_brings_beyond_the_possible_is_brought_back() -> None:
    assert from_elastic_score(2.0000002, "cosine") == 1.0
    assert from_elastic_score(-1e-7, "cosine") == -1.0
    assert from_elastic_score(1.0000001, "l2") == 0.0
    assert from_elastic_score(0.0, "l2") == float("inf")


@pytest.mark.parametrize("length", [1e-45, 1e-30, 1e-6, 1.0, 1e6, 1e30, 1e38])
def test_a_query_of_any_length_has_length_one_under_cosine(length: float) -> None:
    vector = np.array([length, 0, -length, 0], np.float32)
    assert query_vector(vector, "cosine") == pytest.approx([0.5**0.5, 0, -(0.5**0.5), 0])
    assert query_vector(vector, "l2") == vector.tolist()
