"""Ann searches in the graph that Elasticsearch keeps beside the vectors."""

import pytest

from tests.ingest.watching import wait_until
from tests.stores.ann_rules import AnnRules
from tests.stores.comparing import Couple
from tests.stores.elastic.raw import Raw


@pytest.fixture
def graph(couple: Couple, elasticsearch: str) -> Couple:
    index = str(couple.theirs.details()["index"])
    wait_until(lambda: _merges(Raw(elasticsearch), index) == 0)  # they change what a graph finds
    return couple


def _merges(raw: Raw, index: str) -> int:
    return int(raw.ask("GET", f"{index}/_stats/merge")["_all"]["total"]["merges"]["current"])


class TestElasticsearchGraph(AnnRules):
    """The rules, and nothing beyond them."""
