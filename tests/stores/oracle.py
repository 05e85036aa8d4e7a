"""The truth about a search: every record compared with the query in float64, one after the other."""

from collections.abc import Sequence

import numpy as np

from search_api.stores.base import Filter, Hits, Metric, Record, Search, Store, as_text

_NEAR = 1e-5  # how far a store's number may be from the truth
_EDGE = 1e-6  # how near to the threshold a record must be to fall on either side, as share of distances beyond 1


class Oracle:
    """Ranks ``records`` by brute force."""

    def __init__(self, records: Sequence[Record], metric: Metric) -> None:
        self._records = list(records)
        self._rows = np.array([record.vector for record in records], np.float64)
        self._metric = metric

    def check(self, store: Store, search: Search) -> Hits:
        """Ask ``store`` and compare: the same page, up to ties, and the same total, up to the threshold's edge."""
        found = store.search(search)
        truth = self._similarity(search)
        ranking = sorted(truth.values(), reverse=True)
        direction = 1 if self._metric == "cosine" else -1
        cutoff = -np.inf if search.threshold is None else direction * search.threshold
        edge = _EDGE * max(1.0, abs(cutoff)) if np.isfinite(cutoff) else 0.0
        assert sum(value > cutoff + edge for value in ranking) <= found.total
        assert found.total <= sum(value >= cutoff - edge for value in ranking)
        assert found.relation == "eq"
        assert len(found.hits) == max(0, min(search.limit, found.total - search.offset))
        self._check_order(found, ranking[search.offset :], truth, direction)
        return found

    def _check_order(self, found: Hits, ranking: Sequence[float], truth: dict[str, float], direction: int) -> None:
        ranks = [(-direction * self._value(found, rank), hit.id) for rank, hit in enumerate(found.hits)]
        assert ranks == sorted(ranks)
        assert len({hit.id for hit in found.hits}) == len(found.hits)
        for (sort_key, id_), value in zip(ranks, ranking, strict=False):
            tolerance = _NEAR * max(1.0, abs(value))
            assert abs(-sort_key - value) <= tolerance
            assert abs(-sort_key - truth[id_]) <= tolerance

    def _value(self, found: Hits, rank: int) -> float:
        hit = found.hits[rank]
        value, other = (hit.score, hit.distance) if self._metric == "cosine" else (hit.distance, hit.score)
        assert value is not None
        assert other is None
        return value

    def _similarity(self, search: Search) -> dict[str, float]:
        """Return by id the cosine, or minus the squared distance; larger is better."""
        query = search.vector.astype(np.float64)
        if self._metric == "cosine":
            similarity = self._rows @ query / np.linalg.norm(self._rows, axis=1) / np.linalg.norm(query)
        else:
            similarity = -np.square(self._rows - query).sum(axis=1)
        pairs = zip(self._records, similarity.tolist(), strict=True)
        return {record.id: value for record, value in pairs if matches(record, search.filter)}


def matches(record: Record, filter: Filter) -> bool:
    """Return whether every key of ``filter`` has one of its values in ``record``."""
    return all(key in record.metadata and as_text(record.metadata[key]) in values for key, values in filter.items())
