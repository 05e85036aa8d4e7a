"""Exact nearest-neighbour search over rows in memory.

A first pass multiplies all rows with the query in float32. It is fast but rounds, and rounds equal rows at different
places differently. So whatever lies within a margin of a decision, the threshold or the last place of the page, is
computed again in float64, row by row, and only those numbers decide. That makes totals and the order of ties exact.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search_api.stores.base import Metric

Rows = NDArray[np.float32]  # (n, dim)
Positions = NDArray[np.intp]

BLOCK_ROWS = 131_072  # memory that is not filled yet costs nothing; many small products would
_REFINE_ROWS = 1_024
_SCORE_MARGIN = 1e-5  # far above float32's error in the product of two unit vectors
_RELATIVE_DISTANCE_MARGIN = 1e-5
_SCORE_DECIMALS = 6


@dataclass(frozen=True)
class Block:
    """Some rows. Arrays may have room behind ``count``; what is before it never changes, only ``alive`` is replaced.

    ``rows`` are unit vectors under the metric cosine and raw ones under l2, whose squared lengths are in ``squares``.
    """

    rows: Rows
    squares: NDArray[np.float32]
    seqs: NDArray[np.int64]  # ascending
    ids: NDArray[np.bytes_]  # 16 bytes each, for ties
    alive: NDArray[np.bool_]
    count: int


@dataclass(frozen=True)
class Found:
    """``seqs`` and ``values`` of one page, best first; values are scores, or distances under l2."""

    seqs: NDArray[np.int64]
    values: NDArray[np.float64]
    total: int


@dataclass(frozen=True)
class Snapshot:
    """An unchanging state of the whole matrix, safe to search while the next one is being made."""

    metric: Metric
    blocks: tuple[Block, ...]

    def search(
        self,
        query: Rows,
        threshold: float | None,
        offset: int,
        limit: int,
        allowed: NDArray[np.int64] | None,
        excluded: Sequence[int] = (),
    ) -> Found:
        """The rows ``offset`` to ``offset + limit`` of the ranking by ``query`` (dim,), and how many pass.

        ``allowed`` are the ascending seqs that the search is confined to; None for all but those in ``excluded``.
        """
        wanted = query.astype(np.float64)
        if self.metric == "cosine":
            wanted /= np.linalg.norm(wanted)
        similarity = self._coarse(wanted.astype(np.float32), allowed, excluded)
        margin = self._margin(wanted)
        cutoff = -np.inf if threshold is None else threshold if self.metric == "cosine" else -threshold
        passing = np.flatnonzero((similarity >= cutoff - margin) & (similarity > -np.inf))
        near = passing[similarity[passing] < cutoff + margin]
        total = passing.size - near.size + int((self._refine(near, wanted) >= cutoff).sum())

        depth = min(offset + limit, passing.size)
        if depth < passing.size:
            last = -np.partition(-similarity[passing], depth - 1)[depth - 1] if depth else np.inf
            passing = passing[similarity[passing] >= last - margin]
        exact = self._refine(passing, wanted)
        kept = exact >= cutoff
        passing, exact = passing[kept], exact[kept]
        order = np.lexsort((self._gather(passing, "ids"), -exact))[offset : offset + limit]
        values = exact[order] if self.metric == "cosine" else -exact[order]
        return Found(self._gather(passing[order], "seqs").astype(np.int64), values, total)

    def _coarse(self, query: Rows, allowed: NDArray[np.int64] | None, excluded: Sequence[int]) -> NDArray[np.float32]:
        """How good every row is, larger is better: cosine, or minus the squared distance; -inf for rows left out."""
        similarity = np.empty(sum(block.count for block in self.blocks), np.float32)
        start = 0
        for block in self.blocks:
            part = similarity[start : start + block.count]
            np.dot(block.rows[: block.count], query, out=part)
            if self.metric == "l2":
                part *= 2
                part -= block.squares[: block.count]
                part -= query @ query
            mask = block.alive
            if allowed is not None:
                mask = mask & np.isin(block.seqs[: block.count], allowed, assume_unique=True)
            if excluded:
                mask = mask & ~np.isin(block.seqs[: block.count], excluded)
            part[~mask] = -np.inf
            start += block.count
        return similarity

    def _margin(self, query: NDArray[np.float64]) -> float:
        if self.metric == "cosine":
            return _SCORE_MARGIN
        largest = max((float(block.squares[: block.count].max(initial=0)) for block in self.blocks), default=0.0)
        return _RELATIVE_DISTANCE_MARGIN * (largest + float(query @ query))

    def _refine(self, positions: Positions, query: NDArray[np.float64]) -> NDArray[np.float64]:
        """The goodness of ``positions`` in float64; each row's number depends on nothing but the row."""
        exact = np.empty(positions.size, np.float64)
        for start in range(0, positions.size, _REFINE_ROWS):
            rows = self._gather(positions[start : start + _REFINE_ROWS], "rows").astype(np.float64)
            if self.metric == "cosine":
                exact[start : start + _REFINE_ROWS] = (rows * query).sum(axis=1)
            else:
                exact[start : start + _REFINE_ROWS] = -np.square(rows - query).sum(axis=1)
        return np.clip(exact.round(_SCORE_DECIMALS), -1.0, 1.0) if self.metric == "cosine" else exact

    def _gather(self, positions: Positions, name: str) -> NDArray[np.generic]:
        """``name`` of each block at ``positions`` of the whole matrix."""
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
    """``snapshot`` with more rows behind it; ``seqs`` ascend and are larger than all in it."""
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


def remove(snapshot: Snapshot, seqs: NDArray[np.int64]) -> Snapshot:
    """``snapshot`` without the rows of ``seqs``. Blocks that are mostly dead are packed, empty ones go."""
    blocks = []
    for block in snapshot.blocks:
        alive = block.alive & ~np.isin(block.seqs[: block.count], seqs)
        living = int(alive.sum())
        if living * 2 > block.count:
            blocks.append(Block(block.rows, block.squares, block.seqs, block.ids, alive, block.count))
        elif living:
            blocks.append(_packed(block, alive))
    return Snapshot(snapshot.metric, tuple(blocks))


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
