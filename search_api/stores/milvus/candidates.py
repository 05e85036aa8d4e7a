"""Candidates: what a search of Milvus returns, with the number that they are ranked by.

The sort key of a candidate is minus its cosine, or its squared distance: smaller is better under both metrics. The
cutoff of a search is the sort key of its threshold: a candidate passes where its sort key is not beyond it.
"""

from typing import NamedTuple

from search_api.stores.base import SCORE_DECIMALS, Metric, Record, Search

_MIN_COSINE = -1.0
_MARGIN = 2e-6  # engines round, and leave out what is just at the radius


class Candidate(NamedTuple):
    """A record that a search returned: its sort key and id, and itself where the search read it too."""

    sort_key: float
    id: str
    record: Record | None = None


def to_candidate(distance: float, id_: str, metric: Metric, record: Record | None = None) -> Candidate:
    """Return the candidate for Milvus' own ``distance``, which under cosine is the cosine; it is rounded here."""
    if metric == "cosine":
        return Candidate(-min(1.0, max(_MIN_COSINE, round(distance, SCORE_DECIMALS))), id_, record)
    return Candidate(max(0.0, distance), id_, record)


def value_of(sort_key: float, metric: Metric) -> float:
    """Return the score, or under l2 the distance, that ``sort_key`` stands for."""
    return -sort_key if metric == "cosine" else sort_key


def cutoff_of(search: Search, metric: Metric) -> float | None:
    """Return the sort key of the threshold of ``search``, None where everything passes, so that counting is enough."""
    threshold = search.threshold
    if threshold is None or (metric == "cosine" and threshold <= _MIN_COSINE):
        return None
    return -threshold if metric == "cosine" else threshold


def radius_of(cutoff: float, metric: Metric) -> float:
    """Return the radius of a search of Milvus that leaves out nothing that passes ``cutoff``."""
    if metric == "cosine":
        return -cutoff - _MARGIN
    return cutoff + _MARGIN * max(1.0, cutoff)
