"""Ann searches in an HNSW graph; exact ones are refused there."""

import pytest

from search_api.stores.base import BadQuery, Search
from tests.answers import assert_sentence
from tests.stores.ann_rules import AnnRules, queries, recall
from tests.stores.comparing import Couple


class TestMilvusGraph(AnnRules):
    """Beyond the rules: what a graph cannot answer."""

    def test_what_a_narrow_filter_leaves_is_found_without_it(self, graph: Couple) -> None:
        searches = [Search(query, filter={"folder": ["2"]}) for query in queries(60)]
        assert [recall(graph, search) for search in searches] == [1.0] * len(searches)

    def test_an_exact_search_is_refused_by_name(self, graph: Couple) -> None:
        with pytest.raises(BadQuery, match=r"mode exact is not possible .* HNSW graph") as caught:
            graph.theirs.search(Search(queries(1)[0]))
        assert_sentence(str(caught.value))
        assert str(graph.theirs.details()["index"]).startswith("hnsw M=16 efConstruction=200")
