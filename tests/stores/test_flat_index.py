"""The flat index in memory: blocks fill up, shrink and go, old snapshots stay as they were, every answer is exact."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from search_api.stores.base import SCORE_DECIMALS, Metric
from search_api.stores.embedded import flat_index
from search_api.stores.embedded.flat_index import FlatQuery, Snapshot, append, remove

_ROWS = 8
_DIM = 3
Vectors = dict[int, NDArray[np.float32]]  # by seq


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flat_index, "BLOCK_ROWS", _ROWS)
    monkeypatch.setattr(flat_index, "_REFINE_ROWS", 5)


def vectors_of(seqs: Sequence[int], seed: int = 0) -> Vectors:
    random = np.random.default_rng(seed)
    return {seq: random.normal(size=_DIM).astype(np.float32) for seq in seqs}


def name(seq: int) -> bytes:
    """An id that does not ascend with ``seq``."""
    return (seq * 7919 % 104729).to_bytes(16, "big")


def added(snapshot: Snapshot, vectors: Vectors) -> Snapshot:
    return append(snapshot, list(vectors), [name(seq) for seq in vectors], np.array(list(vectors.values())))


def without(snapshot: Snapshot, seqs: Sequence[int]) -> Snapshot:
    return remove(snapshot, np.array(seqs, np.int64))


def ranking(snapshot: Snapshot, query: NDArray[np.float32], **options: object) -> list[int]:
    asked = {"limit": 10_000} | options
    seqs: list[int] = snapshot.search(FlatQuery(query, **asked)).seqs.tolist()  # type: ignore[arg-type]
    return seqs


def expected(vectors: Vectors, query: NDArray[np.float32], metric: Metric) -> list[int]:
    def sort_key(seq: int) -> float:
        row, wanted = vectors[seq].astype(np.float64), query.astype(np.float64)
        if metric == "l2":
            return float(np.square(row - wanted).sum())
        return -round(float(row @ wanted / np.linalg.norm(row) / np.linalg.norm(wanted)), SCORE_DECIMALS)

    return sorted(vectors, key=lambda seq: (sort_key(seq), name(seq)))


@pytest.mark.parametrize("metric", ["cosine", "l2"])
@pytest.mark.parametrize("count", [0, 1, 7, 8, 9, 16, 17, 40])
def test_rows_are_found_on_either_side_of_every_border(metric: Metric, count: int) -> None:
    vectors = vectors_of(range(1, count + 1))
    snapshot = added(Snapshot(metric, ()), vectors)
    assert [block.count for block in snapshot.blocks] == [8] * (count // 8) + [count % 8] * (count % 8 > 0)
    query = np.array([1, -2, 0.5], np.float32)
    assert ranking(snapshot, query) == expected(vectors, query, metric)
    for offset in range(0, count + 3, 3):
        assert ranking(snapshot, query, offset=offset, limit=3) == expected(vectors, query, metric)[offset : offset + 3]


@pytest.mark.parametrize("metric", ["cosine", "l2"])
def test_any_order_of_additions_and_removals_leaves_the_right_rows(metric: Metric) -> None:
    random = np.random.default_rng(5)
    snapshot, vectors, last = Snapshot(metric, ()), Vectors(), 0
    for turn in range(120):
        more = vectors_of(range(last + 1, last + 1 + int(random.integers(0, 12))), seed=turn)
        last += len(more)
        snapshot, vectors = added(snapshot, more), vectors | more
        dropped = [seq for seq in vectors if random.random() < 0.25]
        vectors = {seq: vector for seq, vector in vectors.items() if seq not in dropped}
        snapshot = without(snapshot, [*dropped, 999_999])
        query = random.normal(size=_DIM).astype(np.float32)
        assert ranking(snapshot, query) == expected(vectors, query, metric)
    assert sum(len(block.seqs) for block in snapshot.blocks) < 4 * (len(vectors) + _ROWS), "room is given back"


def test_equal_rows_in_different_blocks_are_ordered_by_id() -> None:
    vectors = {seq: np.array([0.1, 0.7, -0.3], np.float32) for seq in range(1, 30)}
    snapshot = added(Snapshot("cosine", ()), vectors)
    query = np.array([0.3, 0.2, 0.9], np.float32)
    pages = [ranking(snapshot, query, offset=offset, limit=4) for offset in range(0, 29, 4)]
    assert [seq for page in pages for seq in page] == sorted(vectors, key=name)


def test_a_block_that_is_mostly_dead_is_packed_and_an_empty_one_goes() -> None:
    snapshot = added(Snapshot("cosine", ()), vectors_of(range(1, 25)))
    snapshot = without(snapshot, [1, 2, 3])
    assert [len(block.seqs) for block in snapshot.blocks] == [8, 8, 8], "mostly alive: only marked"
    snapshot = without(snapshot, [4, *range(9, 17)])
    assert [len(block.seqs) for block in snapshot.blocks] == [4, 8]
    assert snapshot.blocks[0].seqs.tolist() == [5, 6, 7, 8]
    assert [len(block.rows) for block in snapshot.blocks] == [4, 8]
    assert without(snapshot, range(1, 25)).blocks == ()


def test_rows_are_added_behind_a_packed_block() -> None:
    vectors = vectors_of(range(1, 31))
    snapshot = without(added(Snapshot("cosine", ()), {seq: vectors[seq] for seq in range(1, 7)}), [1, 2, 3, 4])
    snapshot = added(snapshot, {seq: vectors[seq] for seq in range(7, 31)})
    query = np.ones(_DIM, np.float32)
    assert ranking(snapshot, query) == expected({seq: vectors[seq] for seq in range(5, 31)}, query, "cosine")


def test_a_snapshot_stays_as_it_was_when_the_next_one_is_made() -> None:
    vectors = vectors_of(range(1, 20))
    before = added(Snapshot("cosine", ()), {seq: vectors[seq] for seq in range(1, 12)})
    query = np.array([1, 1, -1], np.float32)
    old = ranking(before, query)
    after = without(added(before, {seq: vectors[seq] for seq in range(12, 20)}), range(1, 9))
    assert ranking(before, query) == old == expected({seq: vectors[seq] for seq in range(1, 12)}, query, "cosine")
    assert ranking(after, query) == expected({seq: vectors[seq] for seq in range(9, 20)}, query, "cosine")


def test_a_search_is_confined_to_the_rows_that_are_allowed() -> None:
    vectors = vectors_of(range(1, 40))
    snapshot = without(added(Snapshot("l2", ()), vectors), [3])
    allowed = np.array([2, 3, 8, 9, 31, 77], np.int64)
    query = np.ones(_DIM, np.float32)
    living = {seq: vectors[seq] for seq in (2, 8, 9, 31)}
    assert ranking(snapshot, query, allowed=allowed) == expected(living, query, "l2")
    assert ranking(snapshot, query, allowed=np.empty(0, np.int64)) == []
    found = snapshot.search(FlatQuery(query, threshold=3.0, limit=1, allowed=allowed))
    assert found.total == sum(float(np.square(vector - query).sum()) <= 3.0 for vector in living.values())
