"""Exact searches give what the embedded store gives, in one part and in three."""

import secrets
from pathlib import Path

from search_api.stores.base import Search
from tests.stores.comparing import coupled, records
from tests.stores.exact_rules import ExactRules, queries


class TestElasticsearchAgainstEmbedded(ExactRules):
    """Beyond the rules: an index of several shards."""

    def test_three_parts_answer_as_one(self, elasticsearch: str, tmp_path: Path) -> None:
        some = records()[:3_000]
        url = f"elasticsearch://{elasticsearch}/compared-{secrets.token_hex(4)}?shards=3"
        with coupled(url, tmp_path, some) as couple:
            for query in queries(6, seed=34):
                couple.compare(Search(query, 0.2, 0, 200))
                couple.compare(Search(query, None, 500, 500, {"folder": ["1"]}))
            assert couple.theirs.details()["shards"] == 3
            assert {one.id for one in couple.theirs.scan(with_vectors=False)} == {one.id for one in some}
            assert couple.theirs.count() == 3_000
