"""Two stores with the same records, and what it means that they answer alike."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search_api.stores import create_store, drop_store
from search_api.stores.base import Hit, Hits, Metric, Record, Search, Store, Vector
from tests.stores.oracle import matches
from tests.stores.samples import FINGERPRINT, crowd

_TIE = 1e-5  # numbers that differ by less are equal
_EDGE = 2e-6  # so near to a threshold a record may fall on either side: numbers are rounded to six decimals
_BATCH = 4_000
_CROWD, _DIM = 22_500, 64
_MAX_EQUAL = 20  # among more equal vectors than a node has links a graph loses its way


@cache
def records() -> list[Record]:
    """A good 20,000 in clusters, with strangers between, and up to 20 that are equal."""
    seen: Counter[bytes] = Counter()
    kept = []
    for one in crowd(_CROWD, _DIM, seed=21):
        assert one.vector is not None
        seen[one.vector.tobytes()] += 1
        if seen[one.vector.tobytes()] <= _MAX_EQUAL:
            kept.append(one)
    assert len(kept) > 20_000
    return kept


def filled(url: str, records: Sequence[Record]) -> Store:
    """A new collection that holds ``records``."""
    assert records[0].vector is not None
    store = create_store(url, FINGERPRINT, records[0].vector.size)
    for start in range(0, len(records), _BATCH):
        store.upsert(records[start : start + _BATCH])
    store.publish()
    return store


def value_of(hit: Hit) -> float:
    """The score or the distance, whichever it has."""
    value = hit.score if hit.distance is None else hit.distance
    assert value is not None
    return value


def vector_of(number: int) -> Vector:
    """The vector of one of ``records``."""
    vector = records()[number].vector
    assert vector is not None
    return vector


@dataclass(frozen=True)
class Couple:
    """``ours``, the embedded store, and ``theirs``, with the same ``records``."""

    records: Sequence[Record]
    metric: Metric
    ours: Store
    theirs: Store

    @property
    def better(self) -> int:
        """1 where larger numbers are better, -1 where smaller ones are."""
        return 1 if self.metric == "cosine" else -1

    @cached_property
    def _rows(self) -> NDArray[np.float64]:
        """The vectors, under cosine at length 1."""
        rows = np.array([one.vector for one in self.records], np.float64)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True) if self.metric == "cosine" else rows

    @cached_property
    def _indexes(self) -> Mapping[str, int]:
        """Where in ``records`` each id is."""
        return {one.id: index for index, one in enumerate(self.records)}

    def truth(self, vector: Vector) -> NDArray[np.float64]:
        """The scores or distances of all records."""
        query = vector.astype(np.float64)
        if self.metric == "l2":
            return np.asarray(np.square(self._rows - query).sum(axis=1))
        return np.asarray(self._rows @ query / np.linalg.norm(query))

    def compare(self, search: Search) -> Hits:
        """Ask both; the totals are equal, and so are the pages but for the order of what is equal."""
        ours, theirs = self.ours.search(search), self.theirs.search(search)
        truth = self.truth(search.vector)
        assert abs(ours.total - theirs.total) <= self._on_the_edge(search, truth)
        assert (ours.relation, theirs.relation) == ("eq", "eq")
        assert len(theirs.hits) == max(0, min(search.limit, theirs.total - search.offset))
        for mine, other in zip(ours.hits, theirs.hits, strict=False):
            tie = _TIE * max(1.0, abs(value_of(mine)))
            assert abs(value_of(mine) - value_of(other)) <= tie
            assert abs(truth[self._indexes[mine.id]] - truth[self._indexes[other.id]]) <= tie
            assert abs(truth[self._indexes[other.id]] - value_of(other)) <= tie
        assert len({hit.id for hit in theirs.hits}) == len(theirs.hits)
        return theirs

    def _on_the_edge(self, search: Search, truth: NDArray[np.float64]) -> int:
        if search.threshold is None:
            return 0
        edge = np.flatnonzero(np.abs(truth - search.threshold) <= _EDGE * max(1.0, abs(search.threshold)))
        return sum(matches(self.records[index], search.filter) for index in edge.tolist())


@contextmanager
def coupled(url: str, folder: Path, some: Sequence[Record] | None = None) -> Iterator[Couple]:
    """A new collection at ``url`` and an embedded one in ``folder``, with all ``records`` or ``some``; then dropped."""
    some = records() if some is None else some
    theirs = filled(url, some)
    ours = filled(f"embedded://{folder}/images.db?metric={theirs.metric}", some)
    try:
        yield Couple(some, theirs.metric, ours, theirs)
    finally:
        ours.close()
        theirs.close()
        drop_store(url)
