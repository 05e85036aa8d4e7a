"""Images of concurrent requests share a forward pass, and nobody waits for a batch to fill."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from extractor.batcher import Batcher, Busy
from tests.extractor.gated_network import GatedNetwork, frame, wait_for_queue


def test_a_single_image_goes_straight_through(batcher: Batcher, network: GatedNetwork) -> None:
    assert batcher.embed([frame(7)]).tolist() == [[7]]
    assert network.batches == [[7]]


def test_singles_that_come_while_the_network_runs_share_the_next_pass(
    batcher: Batcher, network: GatedNetwork, pool: ThreadPoolExecutor
) -> None:
    with network.held(batcher, pool):
        answers = [pool.submit(batcher.embed, [frame(value)]) for value in (1, 2, 3)]
        wait_for_queue(batcher, 3)
    assert [answer.result(30).tolist() for answer in answers] == [[[1]], [[2]], [[3]]]
    assert [len(batch) for batch in network.batches] == [1, 3]


def test_a_pass_never_takes_more_than_fit(batcher: Batcher, network: GatedNetwork, pool: ThreadPoolExecutor) -> None:
    with network.held(batcher, pool):
        answers = [pool.submit(batcher.embed, [frame(value)]) for value in range(6)]
        wait_for_queue(batcher, 6)
    assert sorted(answer.result(30).item() for answer in answers) == list(range(6))
    assert [len(batch) for batch in network.batches] == [1, 4, 2]


def test_a_long_list_keeps_its_order_over_several_passes(batcher: Batcher, network: GatedNetwork) -> None:
    assert batcher.embed([frame(value) for value in range(50)]).ravel().tolist() == list(range(50))
    assert max(len(batch) for batch in network.batches) == 4


def test_a_full_queue_is_busy_and_takes_nothing(
    batcher: Batcher, network: GatedNetwork, pool: ThreadPoolExecutor
) -> None:
    with network.held(batcher, pool):
        waiting = [pool.submit(batcher.embed, [frame(value)]) for value in range(6)]
        wait_for_queue(batcher, 6)
        with pytest.raises(Busy, match="6 images are waiting"):
            batcher.embed([frame(1)])
        assert batcher.waiting == 6
    assert sorted(answer.result(30).item() for answer in waiting) == list(range(6))
    assert batcher.embed([frame(3)]).tolist() == [[3]]


def test_a_list_that_does_not_fit_as_a_whole_is_busy(
    batcher: Batcher, network: GatedNetwork, pool: ThreadPoolExecutor
) -> None:
    with network.held(batcher, pool):
        waiting = pool.submit(batcher.embed, [frame(value) for value in range(5)])
        wait_for_queue(batcher, 5)
        with pytest.raises(Busy, match="5 images are waiting"):
            batcher.embed([frame(1), frame(2)])
        assert batcher.waiting == 5
    assert waiting.result(30).ravel().tolist() == [0, 1, 2, 3, 4]


def test_singles_go_before_a_list_but_leave_it_one_place(
    batcher: Batcher, network: GatedNetwork, pool: ThreadPoolExecutor
) -> None:
    """Someone's search does not wait for an ingest, and the ingest goes on during many searches."""
    with network.held(batcher, pool):
        listed = pool.submit(batcher.embed, [frame(value) for value in range(10, 15)])
        wait_for_queue(batcher, 5)
        singles = [pool.submit(batcher.embed, [frame(value)]) for value in range(5)]
        wait_for_queue(batcher, 10)
    assert listed.result(30).ravel().tolist() == [10, 11, 12, 13, 14]
    assert sorted(answer.result(30).item() for answer in singles) == list(range(5))
    listed_in = [sum(value >= 10 for value in batch) for batch in network.batches]
    assert list(zip(map(len, network.batches), listed_in, strict=True)) == [(1, 0), (4, 1), (4, 2), (2, 2)]


def test_a_full_queue_of_lists_lets_singles_in(
    batcher: Batcher, network: GatedNetwork, pool: ThreadPoolExecutor
) -> None:
    with network.held(batcher, pool):
        listed = pool.submit(batcher.embed, [frame(10)] * 6)
        wait_for_queue(batcher, 6)
        single = pool.submit(batcher.embed, [frame(1)])
        wait_for_queue(batcher, 7)
    assert single.result(30).tolist() == [[1]]
    assert listed.result(30).shape == (6, 1)
