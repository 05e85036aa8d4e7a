"""Exact pages and totals out of Milvus, which returns the nearest 16,384 at most and counts no matches.

An example: 100,000 records whose cosines are spread evenly from 1 to -1; threshold 0.2, so the cutoff is -0.2 and
40,000 pass; offset 0, limit 10.

1. The page. Its depth is 0 + 10, and the nearest max(10 + 64, 200) = 200 are asked for. The tenth has the sort key
   -0.99981, the last one -0.99601. It is worse than the tenth, so all ties of the tenth are among the 200: sorted by
   sort key and id, their first ten are the page. Were the last one -0.99981 too, more ties could follow it, and the
   nearest 800, 3,200, 12,800 and 16,384 would be asked for, until the last one is worse than the tenth.
2. The total. All 200 pass, so more may. A server is asked for 16,384 at once (milvus-lite, which is slower with more
   hits, for 800, 3,200 and so on). Were the last of them worse than the cutoff, those before it would be all that pass.
3. All 16,384 pass. So the 100,000 ids, which are hashes and lie evenly, are cut into 100,000 // 6,000 + 1 = 17 slices,
   the first from 000... to 0f0.... Each is searched on its own and returns some 40 % of its 5,900 records; together
   they are the 40,000. A slice that returned 8,192 or more would be halved, down to a single id if need be. So the
   total is exact for any number of records and of ties. Without a threshold the records are counted instead.

While a record is being replaced, Milvus may meet its old version beside the new one and returns one of them. So an
answer a little shorter than was asked for does not mean that this is all; one of less than half does.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Protocol

from search_api.stores.base import Metric, Search
from search_api.stores.milvus.candidates import Candidate, cutoff_of

MAX_HITS = 16_384  # of one search
_MIN_HITS = 200  # as cheap as ten
_SPARE_HITS = 64  # asked for beyond the page: so many ties with its last place cost no second search
_PAGE_GROWTH = 4
_SLICE_RECORDS = 6_000
_IDS = 16**32

_by_sort_key_and_id = itemgetter(0, 1)  # of a Candidate


class Source(Protocol):
    """The candidates of one search, which has a vector, a filter, and perhaps a radius beyond which nothing passes.

    ``count_growth`` is how many times more to ask for at once when all that were returned pass.
    """

    @property
    def count_growth(self) -> int: ...

    def nearest(self, limit: int) -> Sequence[Candidate]:
        """Return the nearest ``limit``, best first."""

    def nearest_between(self, first: int, last: int) -> Sequence[Candidate]:
        """Return the nearest MAX_HITS of those whose id, as a number, is from ``first`` to ``last``."""

    def count(self) -> int:
        """Return how many records match the filter, whatever the radius."""


@dataclass(frozen=True)
class Ranking:
    """One ``page`` of candidates, best first, and how many pass in ``total``."""

    page: Sequence[Candidate]
    total: int


def rank(search: Search, metric: Metric, source: Source) -> Ranking:
    """Return the page that ``search`` asks for and the exact total, with as few and small searches as that takes."""
    depth, cutoff = search.offset + search.limit, cutoff_of(search, metric)
    candidates, asked = _candidates_of_page(source, depth)
    if candidates is None:
        return _page_of(_all_candidates(source), search, cutoff)
    ranking = _page_of(candidates, search, cutoff)
    if _is_all(candidates, asked) or ranking.total < len(candidates):
        return ranking
    total = source.count() if cutoff is None else _count(source, cutoff, asked)
    return Ranking(ranking.page, max(total, search.offset + len(ranking.page)))  # a record may be deleted in between


def rank_candidates(candidates: Iterable[Candidate], search: Search, metric: Metric) -> Ranking:
    """Return the page that ``search`` asks for and the total, where ``candidates`` are all that count."""
    return _page_of(candidates, search, cutoff_of(search, metric))


def _candidates_of_page(source: Source, depth: int) -> tuple[Sequence[Candidate] | None, int]:
    """Return candidates with all that can stand before ``depth``, None if one search cannot; and how many it took."""
    asked = min(max(depth + _SPARE_HITS, _MIN_HITS), MAX_HITS)
    while True:
        candidates = source.nearest(asked)
        if _is_all(candidates, asked) or _holds_page(candidates, depth):
            return candidates, asked
        if asked == MAX_HITS:
            return None, asked
        asked = min(_PAGE_GROWTH * asked, MAX_HITS)


def _page_of(candidates: Iterable[Candidate], search: Search, cutoff: float | None) -> Ranking:
    passing = sorted(_passing(candidates, cutoff), key=_by_sort_key_and_id)
    return Ranking(passing[search.offset : search.offset + search.limit], len(passing))


def _passing(candidates: Iterable[Candidate], cutoff: float | None) -> Iterator[Candidate]:
    return (one for one in candidates if cutoff is None or one.sort_key <= cutoff)


def _holds_page(candidates: Sequence[Candidate], depth: int) -> bool:
    """Return whether the last candidate is worse than the one at ``depth``, so that no tie of that one is missing."""
    return depth < len(candidates) and sorted(one.sort_key for one in candidates)[depth - 1] < candidates[-1].sort_key


def _is_all(candidates: Sequence[Candidate], asked: int) -> bool:
    return 2 * len(candidates) < asked


def _count(source: Source, cutoff: float, asked: int) -> int:
    """Return how many pass ``cutoff``, where the nearest ``asked`` all do."""
    while asked < MAX_HITS:
        asked = min(source.count_growth * asked, MAX_HITS)
        candidates = source.nearest(asked)
        passing = sum(1 for _ in _passing(candidates, cutoff))
        if _is_all(candidates, asked) or passing < len(candidates):
            return passing
    return sum(1 for _ in _passing(_all_candidates(source), cutoff))


def _all_candidates(source: Source) -> Iterator[Candidate]:
    """Yield the candidates of every slice of the ids."""
    slices = source.count() // _SLICE_RECORDS + 1
    for number in range(slices):
        yield from _slice(source, _IDS * number // slices, _IDS * (number + 1) // slices - 1)


def _slice(source: Source, first: int, last: int) -> Iterator[Candidate]:
    """Yield all candidates whose id is from ``first`` to ``last``, in halves where one search cannot return them."""
    candidates = source.nearest_between(first, last)
    if _is_all(candidates, MAX_HITS) or first == last:
        yield from candidates
        return
    middle = (first + last) // 2
    yield from _slice(source, first, middle)
    yield from _slice(source, middle + 1, last)
