"""A flat index: exact nearest-neighbour search that compares the query with every row in memory.

A first pass multiplies all rows with the query in float32. It is fast but rounds, and rounds equal rows at different
positions differently. So every row within a margin of a decision, the threshold or the last rank of the page, is
computed again in float64, row by row, and only those numbers decide. That makes totals and the order of ties exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_api.stores.base import SCORE_DECIMALS, Metric, Vector

Rows = NDArray[np.float32]  # (n, dim)
Seqs = NDArray[np.int64]
Positions = NDArray[np.intp]  # of rows, counted through all blocks

BLOCK_ROWS = 131_072  # memory that is not filled yet costs nothing; many small products would
_REFINE_ROWS = 1_024
_SCORE_MARGIN = 1e-5  # far above float32's error in the product of two unit vectors
_RELATIVE_DISTANCE_MARGIN = 1e-5


@dataclass(frozen=True)
class Block:
    """Some rows. Arrays may have room after ``count``; what is before it never changes, only ``alive`` is replaced.

    ``rows`` are unit vectors under the metric cosine and raw ones under l2, whose squared lengths are in ``squares``.
    """

    rows: Rows
    squares: NDArray[np.float32]
    seqs: Seqs  # ascending
    ids: NDArray[np.bytes_]  # 16 bytes each, for ties
    alive: NDArray[np.bool_]
    count: int


@dataclass(frozen=True)
class FlatQuery:
    """One search of a snapshot: for ranks ``offset`` to ``offset + limit`` of the rows that pass ``threshold``.

    ``threshold`` is the smallest score, or the largest distance under l2; None lets every row pass. ``allowed`` are the
    ascending seqs that the search is confined to, None for all; those in ``excluded`` are left out in any case.
    """

    vector: Vector
    threshold: float | None = None
    offset: int = 0
    limit: int = 10
    allowed: Seqs | None = None
    excluded: Sequence[int] = ()


@dataclass(frozen=True)
class RankedRows:
    """One page, best first, and how many rows pass in ``total``; ``values`` are scores, or distances under l2."""

    seqs: Seqs
    values: NDArray[np.float64]
    total: int


@dataclass(frozen=True)
class _Target:
    """What rows are compared with. A similarity is a cosine, or minus a squared distance: larger is better.

    ``vector`` is (dim,), of length 1 under the metric cosine. A row passes whose similarity is at least ``cutoff``.
    Coarse similarities are wrong by less than ``margin``.
    """

    vector: NDArray[np.float64]
    cutoff: float
    margin: float


@dataclass(frozen=True)
class Snapshot:
    """An unchanging state of the whole index, safe to search while the next one is being made."""

    metric: Metric
    blocks: tuple[Block, ...]

    def search(self, query: FlatQuery) -> RankedRows:
        """Return the page of the ranking that ``query`` asks for, and the exact number of rows that pass."""
        target = self._target(query)
        coarse = self._coarse(target, query)
        passing = np.flatnonzero((coarse >= target.cutoff - target.margin) & (coarse > -np.inf))
        coarse = coarse[passing]
        total = self._total(passing, coarse, target)
        contenders = _contenders(passing, coarse, query.offset + query.limit, target.margin)
        seqs, values = self._page(contenders, target, query)
        return RankedRows(seqs, values, total)

    def _target(self, query: FlatQuery) -> _Target:
        vector = query.vector.astype(np.float64)
        if self.metric == "cosine":
            vector /= np.linalg.norm(vector)
        if query.threshold is None:
            cutoff = -np.inf
        else:
            cutoff = query.threshold if self.metric == "cosine" else -query.threshold
        return _Target(vector, cutoff, self._margin(vector))

    def _coarse(self, target: _Target, query: FlatQuery) -> NDArray[np.float32]:
        """Return the similarity of every row in float32, -inf for rows that are dead or left out."""
        vector = target.vector.astype(np.float32)
        similarity = np.empty(sum(block.count for block in self.blocks), np.float32)
        start = 0
        for block in self.blocks:
            part = similarity[start : start + block.count]
            np.dot(block.rows[: block.count], vector, out=part)
            if self.metric == "l2":
                part *= 2
                part -= block.squares[: block.count]
                part -= vector @ vector
            mask = block.alive
            if query.allowed is not None:
                mask = mask & np.isin(block.seqs[: block.count], query.allowed, assume_unique=True)
            if query.excluded:
                mask = mask & ~np.isin(block.seqs[: block.count], query.excluded)
            part[~mask] = -np.inf
            start += block.count
        return similarity

    def _total(self, passing: Positions, coarse: NDArray[np.float32], target: _Target) -> int:
        """Return how many of ``passing`` pass indeed: rows near the cutoff are computed again."""
        undecided = passing[coarse < target.cutoff + target.margin]
        return passing.size - undecided.size + int((self._refine(undecided, target) >= target.cutoff).sum())

    def _page(self, contenders: Positions, target: _Target, query: FlatQuery) -> tuple[Seqs, NDArray[np.float64]]:
        """Return the seqs and values of the page, out of ``contenders``, which hold every row of it."""
        exact = self._refine(contenders, target)
        kept = exact >= target.cutoff
        contenders, exact = contenders[kept], exact[kept]
        ranking = np.lexsort((self._gather(contenders, "ids"), -exact))
        page = ranking[query.offset : query.offset + query.limit]
        values = exact[page] if self.metric == "cosine" else -exact[page]
        return self._gather(contenders[page], "seqs").astype(np.int64), values

    def _margin(self, vector: NDArray[np.float64]) -> float:
        if self.metric == "cosine":
            return _SCORE_MARGIN
        largest = max((float(block.squares[: block.count].max(initial=0)) for block in self.blocks), default=0.0)
        return _RELATIVE_DISTANCE_MARGIN * (largest + float(vector @ vector))

    def _refine(self, positions: Positions, target: _Target) -> NDArray[np.float64]:
        """Return the similarities at ``positions`` in float64; each depends on nothing but its row."""
        exact = np.empty(positions.size, np.float64)
        for start in range(0, positions.size, _REFINE_ROWS):
            rows = self._gather(positions[start : start + _REFINE_ROWS], "rows").astype(np.float64)
            if self.metric == "cosine":
                exact[start : start + _REFINE_ROWS] = (rows * target.vector).sum(axis=1)
            else:
                exact[start : start + _REFINE_ROWS] = -np.square(rows - target.vector).sum(axis=1)
        return np.clip(exact.round(SCORE_DECIMALS), -1.0, 1.0) if self.metric == "cosine" else exact

    def _gather(self, positions: Positions, name: str) -> NDArray[np.generic]:
        """Return the array ``name`` of the blocks at ``positions`` of the whole index."""
        ends = np.cumsum([block.count for block in self.blocks])
        owners = np.searchsorted(ends, positions, side="right")
        first: NDArray[np.generic] = getattr(self.blocks[0], name) if self.blocks else np.empty(0)
        gathered = np.empty((positions.size, *first.shape[1:]), first.dtype)
        for owner in np.unique(owners):
            mine = owners == owner
            block = self.blocks[owner]
            gathered[mine] = getattr(block, name)[positions[mine] - (ends[owner] - block.count)]
        return gathered


def append(snapshot: Snapshot, seqs: Sequence[int], ids: Sequence[bytes], vectors: Rows) -> Snapshot:
    """Return ``snapshot`` with more rows at its end; ``seqs`` ascend and are larger than all in it."""
    blocks, done = list(snapshot.blocks), 0
    while done < len(seqs):
        if not blocks or blocks[-1].count == len(blocks[-1].seqs):
            blocks.append(_empty_block(vectors.shape[1]))
        tail = blocks[-1]
        taken = min(len(seqs) - done, len(tail.seqs) - tail.count)
        into, source = slice(tail.count, tail.count + taken), slice(done, done + taken)
        rows = vectors[source].astype(np.float64)
        squares = np.square(rows).sum(axis=1)
        if snapshot.metric == "cosine":
            rows, squares = rows / np.sqrt(squares)[:, None], np.ones(taken)
        tail.rows[into] = rows
        tail.squares[into] = squares
        tail.seqs[into] = seqs[source]
        tail.ids[into] = ids[source]
        alive = np.concatenate([tail.alive, np.ones(taken, bool)])
        blocks[-1] = Block(tail.rows, tail.squares, tail.seqs, tail.ids, alive, tail.count + taken)
        done += taken
    return Snapshot(snapshot.metric, tuple(blocks))


def remove(snapshot: Snapshot, seqs: Seqs) -> Snapshot:
    """Return ``snapshot`` without the rows of ``seqs``. Blocks that are mostly dead are packed, empty ones dropped."""
    blocks = []
    for block in snapshot.blocks:
        alive = block.alive & ~np.isin(block.seqs[: block.count], seqs)
        living = int(alive.sum())
        if living * 2 > block.count:
            blocks.append(Block(block.rows, block.squares, block.seqs, block.ids, alive, block.count))
        elif living:
            blocks.append(_packed(block, alive))
    return Snapshot(snapshot.metric, tuple(blocks))


def _contenders(passing: Positions, coarse: NDArray[np.float32], depth: int, margin: float) -> Positions:
    """Return those of ``passing`` that may be among the best ``depth``."""
    if depth >= passing.size:
        return passing
    last = -np.partition(-coarse, depth - 1)[depth - 1] if depth else np.inf
    return passing[coarse >= last - margin]


def _empty_block(dim: int) -> Block:
    return Block(
        np.empty((BLOCK_ROWS, dim), np.float32),
        np.empty(BLOCK_ROWS, np.float32),
        np.empty(BLOCK_ROWS, np.int64),
        np.empty(BLOCK_ROWS, "S16"),
        np.empty(0, bool),
        0,
    )


def _packed(block: Block, alive: NDArray[np.bool_]) -> Block:
    keep = np.flatnonzero(alive)
    return Block(
        block.rows[keep], block.squares[keep], block.seqs[keep], block.ids[keep], np.ones(keep.size, bool), keep.size
    )
