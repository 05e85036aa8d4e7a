"""Ann searches in an HNSW graph; exact ones are refused there."""

import pytest

from search_api.stores.base import BadQuery, Search
from tests.answers import assert_sentence
from tests.stores.ann_rules import AnnRules, queries
from tests.stores.comparing import Couple


class TestMilvusGraph(AnnRules):
    """Beyond the rules: what a graph cannot answer."""

    least_filtered_recall = 0.9  # through one record in ten the ways are few, and now and then a cluster is not reached

    def test_an_exact_search_is_refused_by_name(self, graph: Couple) -> None:
        with pytest.raises(BadQuery, match=r"mode exact is not possible .* HNSW graph") as caught:
            graph.theirs.search(Search(queries(1)[0]))
        assert_sentence(str(caught.value))
        assert str(graph.theirs.details()["index"]).startswith("hnsw M=16 efConstruction=200")
