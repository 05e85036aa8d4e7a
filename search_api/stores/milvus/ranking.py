"""Exact pages and totals out of Milvus, which gives the nearest 16,384 at most and counts nothing.

A page is made of a search that is deep enough for it and for all ties with its last place. Where more records pass the
threshold than one search may give, the ids, which are hashes and lie evenly, are cut into slices of a few thousand
records each; every slice is searched on its own, a slice that is full is cut in two, and what passes is counted. That
holds for any number of records and of ties. Cosines are rounded to six decimals as on every store, ties come by id.

While a record is being replaced, Milvus may find its old version beside the new one, and gives one of them: so an
answer that is shorter than it might be does not mean that this is all, unless it is much shorter.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from search_api.stores.base import Metric, Search

MAX_HITS = 16_384  # hits of one search
_MIN_COUNT = 200  # as cheap as ten
_SPARE = 64
_SLICE = 6_000
_IDS = 16**32
_DECIMALS = 6
_MIN_COSINE = -1.0
_MARGIN = 2e-6  # engines round, and leave out what is just at the bound

Found = tuple[float, str]  # badness and id: smaller is better


class Searcher(Protocol):
    """Asks the engine one question, which has a query, a filter, and perhaps a bound that leaves out what is too bad.

    ``growth`` is how many times deeper to ask at once when that was not deep enough to count.
    """

    growth: int

    def best(self, limit: int) -> Sequence[Found]:
        """The best so many, best first."""

    def best_between(self, first: int, last: int) -> Sequence[Found]:
        """The best MOST of those whose id, as a number, is from ``first`` to ``last``."""

    def count(self) -> int:
        """How many match the filter, the bound left aside."""


@dataclass(frozen=True)
class Ranking:
    """``hits`` are one page, best first; ``total`` is how many pass."""

    hits: Sequence[Found]
    total: int


def rank(search: Search, metric: Metric, searcher: Searcher) -> Ranking:
    """The page that ``search`` asks for, and the exact total."""
    threshold = threshold_of(search, metric)
    cutoff = None if threshold is None else sort_key_of(threshold, metric)
    depth = search.offset + search.limit
    asked = min(max(depth + _SPARE, _MIN_COUNT), MAX_HITS)
    found = searcher.best(asked)
    while asked < MAX_HITS and not _is_all(found, asked) and not _is_deep_enough(found, depth):
        asked = min(4 * asked, MAX_HITS)
        found = searcher.best(asked)
    complete = _is_all(found, asked)
    if not complete and not _is_deep_enough(found, depth):
        found, complete = list(_all(searcher)), True
    passing = sorted(_passing(found, cutoff))
    hits = passing[search.offset : depth]
    if complete or len(passing) < len(found):
        return Ranking(hits, len(passing))
    total = searcher.count() if cutoff is None else _count(searcher, cutoff, asked)
    return Ranking(hits, max(total, search.offset + len(hits)))  # something may have been deleted in between


def within(found: Iterable[Found], search: Search, metric: Metric) -> Ranking:
    """The page of ``found``, which are all there are."""
    cutoff = None if search.threshold is None else sort_key_of(search.threshold, metric)
    passing = sorted(_passing(found, cutoff))
    return Ranking(passing[search.offset : search.offset + search.limit], len(passing))


def threshold_of(search: Search, metric: Metric) -> float | None:
    """The threshold of ``search``, None where everything passes: so counting is enough for a total."""
    least = search.threshold
    return None if least is None or (metric == "cosine" and least <= _MIN_COSINE) else least


def sort_key_of(value: float, metric: Metric) -> float:
    """What a score or a distance is sorted by; and back."""
    return -value if metric == "cosine" else value


def to_hit(raw: float, id_: str, metric: Metric) -> Found:
    """A find by the engine's own number."""
    if metric == "cosine":
        return -min(1.0, max(-1.0, round(raw, _DECIMALS))), id_
    return max(0.0, raw), id_


def radius_of(threshold: float, metric: Metric) -> float:
    """The bound for a search whose hits shall hold all that pass ``threshold``."""
    if metric == "cosine":
        return threshold - _MARGIN
    return threshold + _MARGIN * max(1.0, threshold)


def _is_deep_enough(found: Sequence[Found], depth: int) -> bool:
    """Whether everything that could stand before ``depth`` is among ``found``: its last ones stand behind."""
    return depth < len(found) and sorted(found)[depth - 1][0] < found[-1][0]


def _is_all(found: Sequence[Found], asked: int) -> bool:
    return 2 * len(found) < asked


def _count(searcher: Searcher, cutoff: float, asked: int) -> int:
    while asked < MAX_HITS:
        asked = min(searcher.growth * asked, MAX_HITS)
        found = searcher.best(asked)
        passing = sum(1 for _ in _passing(found, cutoff))
        if _is_all(found, asked) or passing < len(found):
            return passing
    return sum(1 for _ in _passing(_all(searcher), cutoff))


def _all(searcher: Searcher) -> Iterator[Found]:
    slices = searcher.count() // _SLICE + 1
    for number in range(slices):
        yield from _between(searcher, _IDS * number // slices, _IDS * (number + 1) // slices - 1)


def _between(searcher: Searcher, first: int, last: int) -> Iterator[Found]:
    found = searcher.best_between(first, last)
    if _is_all(found, MAX_HITS) or first == last:
        yield from found
        return
    middle = (first + last) // 2
    yield from _between(searcher, first, middle)
    yield from _between(searcher, middle + 1, last)


def _passing(found: Iterable[Found], cutoff: float | None) -> Iterator[Found]:
    return (one for one in found if cutoff is None or one[0] <= cutoff)
