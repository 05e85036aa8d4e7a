"""Files of the embedded store are swapped while others read and write them: nothing is lost, nothing is mixed up."""

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from search_api.stores import create_store, open_store, swap_stores
from search_api.stores.base import StoreTimeout, StoreUnavailable
from tests.answers import assert_sentence
from tests.ingest.watching import wait_until
from tests.stores.processes import ask, next_line, second_process
from tests.stores.samples import DIM, record

_SIZE = 50


@pytest.fixture
def urls(tmp_path: Path) -> list[str]:
    """Two collections, of 3 and of 5 records."""
    urls = [f"embedded://{tmp_path}/{name}.db" for name in ("one", "other")]
    for url, count in zip(urls, (3, 5), strict=True):
        store = create_store(url, f"model:{count}", DIM)
        store.upsert([record(f"{number} of {count}.jpg", batch=-1) for number in range(count)])
        store.publish()
        store.close()
    return urls


def batches_in(url: str) -> list[int]:
    """Return the numbers of the batches that a writer has left there; each is whole."""
    store = open_store(url)
    found = [int(one.metadata["batch"]) for one in store.scan(with_vectors=False)]
    assert len(found) == store.count()
    store.close()
    batches = sorted(set(found) - {-1})
    assert [found.count(batch) for batch in batches] == [_SIZE] * len(batches)
    return batches


def swap_with_retries(urls: Sequence[str]) -> int:
    """Swap, again while another process writes; return how often that was."""
    refusals = 0

    def swapped() -> bool:
        nonlocal refusals
        try:
            swap_stores(*urls)
        except (StoreUnavailable, StoreTimeout) as error:
            assert_sentence(str(error))
            refusals += 1
            return False
        return True

    wait_until(swapped)
    return refusals


def test_services_in_other_processes_follow_again_and_again(urls: list[str]) -> None:
    with second_process("following_process", urls[0]) as one, second_process("following_process", urls[1]) as other:
        models = [["model:3", 3], ["model:5", 5]]
        for _ in range(6):
            assert [json.loads(ask(one)), json.loads(ask(other))] == models
            swap_with_retries(urls)
            models.reverse()
        assert [json.loads(ask(one)), json.loads(ask(other))] == models


def test_what_was_written_before_a_swap_goes_with_its_collection_and_later_writes_are_refused(urls: list[str]) -> None:
    with second_process("writing_process", urls[0], 1_000, _SIZE) as writer:
        for _ in range(6):
            next_line(writer)
        swap_with_retries(urls)
        said = []
        while line := next_line(writer):  # it ends when it meets the other collection
            said.append(line)
        assert writer.wait(60) != 0
    written = batches_in(urls[1])
    assert written == list(range(len(written)))
    last = max((int(line.split()[1]) for line in said), default=2)
    assert len(written) >= last + 1, "what upsert returned from is there"
    assert batches_in(urls[0]) == []
    store = open_store(urls[0])
    assert (store.fingerprint, store.count()) == ("model:5", 5)
    store.close()


def test_both_collections_can_be_written_to_and_read_after_a_swap(urls: list[str]) -> None:
    with second_process("following_process", urls[0]) as reader:
        assert json.loads(ask(reader)) == ["model:3", 3]
        for turn in range(4):
            swap_with_retries(urls)
            store = open_store(urls[0])
            before = store.count()
            store.upsert([record(f"turn {turn}.jpg", batch=-1)])
            store.publish()
            assert json.loads(ask(reader)) == [store.fingerprint, before + 1]
            store.close()
    counts = {}
    for url in urls:
        store = open_store(url)
        counts[store.fingerprint] = store.count()
        store.close()
    assert counts == {"model:3": 5, "model:5": 7}


def test_a_swap_waits_for_a_scan_that_is_under_way(urls: list[str]) -> None:
    store = open_store(urls[0])
    store.upsert([record(f"{number}.jpg", batch=number) for number in range(2_500)])
    store.publish()
    scan = store.scan()
    scanned = {next(scan).id}
    with ThreadPoolExecutor(1) as pool:
        swapping = pool.submit(swap_stores, *urls)
        scanned |= {one.id for one in scan}
        swapping.result()
    assert len(scanned) == 2_503
    assert store.stale
    store.close()
    moved = open_store(urls[1])
    assert (moved.fingerprint, moved.count()) == ("model:3", 2_503)
    moved.close()
