"""What waits for a pass gets an answer, whatever becomes of the pass."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from extractor.batcher import Batcher, Closed
from tests.extractor.gated_network import GatedNetwork, frame, wait_for_queue


def test_a_failing_pass_reaches_all_who_wait_for_it_and_nobody_else(
    batcher: Batcher, network: GatedNetwork, pool: ThreadPoolExecutor
) -> None:
    with network.held(batcher, pool):
        answers = [pool.submit(batcher.embed, [frame(value)]) for value in (1, 99)]
        wait_for_queue(batcher, 2)
    for answer in answers:
        with pytest.raises(RuntimeError, match="99 is not liked"):
            answer.result(30)
    assert batcher.embed([frame(5)]).tolist() == [[5]]


def test_a_network_that_answers_too_few_vectors_hangs_nobody(batcher: Batcher) -> None:
    with pytest.raises(ValueError, match="zip"):
        batcher.embed([frame(98)])
    assert batcher.embed([frame(5)]).tolist() == [[5]]


def test_closing_finishes_the_running_pass_and_refuses_the_rest(
    batcher: Batcher, network: GatedNetwork, pool: ThreadPoolExecutor
) -> None:
    with network.held(batcher, pool):
        waiting = pool.submit(batcher.embed, [frame(1)])
        wait_for_queue(batcher, 1)
        closing = pool.submit(batcher.close)
        while not batcher._closed:
            threading.Event().wait(0.01)
    closing.result(30)
    with pytest.raises(Closed):
        waiting.result(30)
    with pytest.raises(Closed):
        batcher.embed([frame(1)])


def test_every_pass_is_reported_with_its_size_and_its_times() -> None:
    seen: list[tuple[int, float, float]] = []
    batcher = Batcher(GatedNetwork().forward, 4, 6, lambda *numbers: seen.append(numbers))
    batcher.embed([frame(1), frame(2)])
    batcher.close()
    ((images, queued, model),) = seen
    assert images == 2
    assert 0 <= queued < 30
    assert 0 < model < 30
