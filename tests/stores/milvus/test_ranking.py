"""Pages and totals out of bounded searches: nothing more is asked than an answer needs."""

from collections.abc import Sequence

import pytest

from search_api.stores.base import Metric, Search
from search_api.stores.milvus.ranking import Found, rank
from tests.stores.samples import QUERY

_RECORDS = 100_000


class _Counting:
    """A crowd, all alike; ``asked`` are the numbers of hits that it was asked for."""

    growth = 4

    def __init__(self) -> None:
        self.asked: list[int] = []

    def best(self, limit: int) -> Sequence[Found]:
        self.asked.append(limit)
        return [(-0.5 + number / _RECORDS, f"{number:032x}") for number in range(limit)]

    def best_between(self, first: int, last: int) -> Sequence[Found]:
        raise AssertionError("not everything has to be read")

    def count(self) -> int:
        return _RECORDS


@pytest.mark.parametrize(("metric", "threshold"), [("cosine", None), ("cosine", -1.0), ("cosine", -7.0), ("l2", None)])
def test_where_everything_passes_it_is_counted_and_not_read(metric: Metric, threshold: float | None) -> None:
    crowd = _Counting()
    page = rank(Search(QUERY, threshold, 0, 50), metric, crowd)
    assert (page.total, len(page.hits), len(crowd.asked)) == (_RECORDS, 50, 1)
