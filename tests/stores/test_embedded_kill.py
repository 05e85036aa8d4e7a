"""A writer that is killed loses nothing that upsert returned from, and never leaves half a batch."""

import signal
import time
from pathlib import Path

import pytest

from search_api.stores import create_store, open_store
from search_api.stores.base import Search
from tests.stores.processes import next_line, second_process
from tests.stores.samples import DIM, FINGERPRINT, QUERY, record

_SIZE = 300


@pytest.fixture
def url(tmp_path: Path) -> str:
    url = f"embedded://{tmp_path}/images.db"
    create_store(url, FINGERPRINT, DIM).close()
    return url


def batches_in(url: str) -> list[int]:
    """The numbers of the batches that are there; every one is whole, for counting and for searching."""
    store = open_store(url)
    store.publish()  # the killed writer came to nothing of the kind
    found = [one.metadata["batch"] for one in store.scan(with_vectors=False)]
    assert store.search(Search(QUERY)).total == store.count() == len(found)
    store.close()
    batches = sorted({int(batch) for batch in found})
    assert [found.count(batch) for batch in batches] == [_SIZE] * len(batches)
    return batches


@pytest.mark.parametrize("lines", [1, 2, 5, 8, 12, 20])
@pytest.mark.parametrize("milliseconds", [0, 4])
def test_a_killed_writer_keeps_what_upsert_returned_from_in_whole_batches(
    url: str, lines: int, milliseconds: int
) -> None:
    with second_process("writing_process", url, 1_000, _SIZE) as writer:
        for _ in range(lines):
            next_line(writer)
        time.sleep(milliseconds / 1e3)
        writer.kill()
        writer.wait(30)
        last = lines - 1
        while line := next_line(writer):  # what it said before it was killed
            last += 1
            assert line.split()[0] in ("written", "published")
    batches = batches_in(url)
    assert batches == list(range(len(batches)))
    assert len(batches) >= last // 2 + 1


def test_a_batch_whose_writer_dies_inside_of_it_is_not_there_at_all(url: str) -> None:
    store = create_store(url, FINGERPRINT, DIM)
    store.upsert([record(f"{number}.jpg", version=1) for number in range(8)])
    store.publish()
    with second_process("dying_process", url) as writer:
        assert writer.wait(60) == -signal.SIGKILL
    assert store.count() == 8
    assert {one.metadata["version"] for one in store.scan()} == {1}
    assert store.search(Search(QUERY, 0.9)).total == 8
    store.upsert([record("after.jpg", version=2)])
    store.publish()
    assert store.search(Search(QUERY, 0.9)).total == 9
    store.close()
