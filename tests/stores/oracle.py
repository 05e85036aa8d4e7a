"""The truth about a search: every record compared with the query in float64, one after the other."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search_api.stores.base import Filter, Hit, Hits, Metric, Record, Search, Store, as_text

_NEAR = 1e-5  # how far a store's number may be from the truth
_EDGE = 1e-6  # how near to the threshold a record must be to fall on either side, as share of distances beyond 1


class Oracle:
    """Ranks ``records`` by brute force."""

    def __init__(self, records: Sequence[Record], metric: Metric) -> None:
        self._records = list(records)
        self._indexes = {record.id: index for index, record in enumerate(self._records)}
        rows = np.array([record.vector for record in records], np.float64)
        self._rows = rows / np.linalg.norm(rows, axis=1, keepdims=True) if metric == "cosine" else rows
        self._metric = metric

    def check(self, store: Store, search: Search) -> Hits:
        """Ask ``store`` and compare: the same page, up to ties, and the same total, up to the threshold's edge."""
        found = store.search(search)
        truth = self._similarities(search)
        ranking = -np.sort(-truth[truth > -np.inf])
        direction = 1 if self._metric == "cosine" else -1
        cutoff = -np.inf if search.threshold is None else direction * search.threshold
        edge = _EDGE * max(1.0, abs(cutoff)) if np.isfinite(cutoff) else 0.0
        assert (ranking > cutoff + edge).sum() <= found.total <= (ranking >= cutoff - edge).sum()
        assert found.relation == "eq"
        assert len(found.hits) == max(0, min(search.limit, found.total - search.offset))
        self._check_order(found, ranking[search.offset :].tolist(), truth, direction)
        return found

    def _check_order(self, found: Hits, ranking: Sequence[float], truth: NDArray[np.float64], direction: int) -> None:
        order = [(-direction * self._value(hit), hit.id) for hit in found.hits]
        assert order == sorted(order)
        assert len({hit.id for hit in found.hits}) == len(found.hits)
        for (sort_key, id_), value in zip(order, ranking, strict=False):
            tolerance = _NEAR * max(1.0, abs(value))
            assert abs(-sort_key - value) <= tolerance
            assert abs(-sort_key - truth[self._indexes[id_]]) <= tolerance

    def _value(self, hit: Hit) -> float:
        value, other = (hit.score, hit.distance) if self._metric == "cosine" else (hit.distance, hit.score)
        assert value is not None
        assert other is None
        return value

    def _similarities(self, search: Search) -> NDArray[np.float64]:
        """The cosine, or minus the squared distance, of each record: larger is better, -inf where the filter fails."""
        query = search.vector.astype(np.float64)
        if self._metric == "cosine":
            similarities = self._rows @ query / np.linalg.norm(query)
        else:
            similarities = -np.square(self._rows - query).sum(axis=1)
        if search.filter:
            similarities[[not matches(record, search.filter) for record in self._records]] = -np.inf
        return np.asarray(similarities)


def matches(record: Record, filter: Filter) -> bool:
    """Whether every key of ``filter`` has one of its values in ``record``."""
    return all(key in record.metadata and as_text(record.metadata[key]) in values for key, values in filter.items())
