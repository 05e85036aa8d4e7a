"""Pages and totals out of bounded searches: exact, and with no more searches than an answer needs."""

from collections.abc import Iterator, Sequence

import pytest

from search_api.stores.base import Metric, Search
from search_api.stores.milvus.candidates import Candidate
from search_api.stores.milvus.ranking import MAX_HITS, rank
from tests.stores.samples import QUERY

_RECORDS = 100_000
_STEP = 16**32 // _RECORDS  # from one id to the next


class _Crowd:
    """100,000 records; ``sort_keys`` are theirs, best first. ``asked`` are the limits of the searches so far."""

    def __init__(self, sort_keys: Sequence[float], count_growth: int = 4) -> None:
        # 7,919 has no divisor in common with 100,000, so a slice of the ids holds good and bad ones alike
        ids = (f"{number * 7_919 % _RECORDS * _STEP:032x}" for number in range(_RECORDS))
        self._candidates = [Candidate(key, id_) for key, id_ in zip(sort_keys, ids, strict=True)]
        self.count_growth = count_growth
        self.asked: list[int] = []
        self.slices = 0

    def nearest(self, limit: int) -> Sequence[Candidate]:
        self.asked.append(limit)
        return self._candidates[:limit]

    def nearest_between(self, first: int, last: int) -> Sequence[Candidate]:
        self.slices += 1
        low, high = f"{first:032x}", f"{last:032x}"
        return [one for one in self._candidates if low <= one.id <= high][:MAX_HITS]

    def count(self) -> int:
        return _RECORDS


def _keys(*runs: tuple[int, float]) -> list[float]:
    """The sort keys of 100,000 records out of runs of equal ones, each a count and a key; the last run fills up."""
    keys = [key for count, key in runs for _ in range(count)]
    return keys + [runs[-1][1]] * (_RECORDS - len(keys))


def _rising() -> Iterator[float]:
    """Evenly from -1 to 1, so that under cosine 0.2 is the threshold of the first 40,000."""
    return ((number + 0.5) * 2 / _RECORDS - 1 for number in range(_RECORDS))


@pytest.mark.parametrize(("metric", "threshold"), [("cosine", None), ("cosine", -1.0), ("cosine", -7.0), ("l2", None)])
def test_where_everything_passes_it_is_counted_and_not_read(metric: Metric, threshold: float | None) -> None:
    crowd = _Crowd(list(_rising()))
    ranking = rank(Search(QUERY, threshold, 0, 50), metric, crowd)
    assert (ranking.total, len(ranking.page)) == (_RECORDS, 50)
    assert (crowd.asked, crowd.slices) == ([200], 0)


def test_the_example_in_the_module_is_right() -> None:
    crowd = _Crowd([round(key, 6) for key in _rising()], count_growth=MAX_HITS)
    ranking = rank(Search(QUERY, 0.2, 0, 10), "cosine", crowd)
    assert ranking.total == 40_000
    assert [one.sort_key for one in ranking.page] == [round((number + 0.5) * 2e-5 - 1, 6) for number in range(10)]
    assert (crowd.asked, crowd.slices) == ([200, MAX_HITS], 17)
    assert (ranking.page[9].sort_key, crowd.nearest(200)[-1].sort_key) == (-0.99981, -0.99601)


def test_a_file_is_counted_in_steps_that_end_beyond_the_threshold() -> None:
    crowd = _Crowd([round(key, 6) for key in _rising()])
    assert rank(Search(QUERY, 0.98, 0, 10), "cosine", crowd).total == 1_000
    assert (crowd.asked, crowd.slices) == ([200, 800, 3_200], 0)


def test_ties_with_the_last_place_are_all_read_and_ordered_by_id() -> None:
    crowd = _Crowd(_keys((5, -0.99), (1_000, -0.9), (1, -0.1)))
    ranking = rank(Search(QUERY, None, 0, 10), "cosine", crowd)
    assert (crowd.asked, crowd.slices) == ([200, 800, 3_200], 0)
    ties = sorted(one.id for one in crowd.nearest(1_005)[5:])
    assert [one.id for one in ranking.page[5:]] == ties[:5]


def test_more_ties_than_a_search_returns_are_read_slice_by_slice() -> None:
    crowd = _Crowd(_keys((MAX_HITS + 1, -0.9), (1, -0.1)))
    ranking = rank(Search(QUERY, 0.5, 0, 10), "cosine", crowd)
    assert (ranking.total, crowd.slices) == (MAX_HITS + 1, 17)
    assert [one.id for one in ranking.page] == sorted(one.id for one in crowd.nearest(MAX_HITS + 1))[:10]


def test_a_slice_that_comes_back_full_is_halved() -> None:
    crowd = _Crowd([round(key, 6) for key in _rising()], count_growth=MAX_HITS)
    crowd.count = lambda: 10_000  # type: ignore[method-assign] # far too few: two slices of 50,000
    assert rank(Search(QUERY, 0.2, 0, 10), "cosine", crowd).total == 40_000
    assert crowd.slices == 2 + 4 + 8 + 16
