"""How a run flows: bounded in memory, and seen by searches while it goes on."""

import threading
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from search_api.embedding.extraction import Extraction
from search_api.ingest import reader, run, writer
from search_api.ingest.batches import batches
from search_api.ingest.files import Failure, File, read_file
from search_api.stores import open_store
from search_api.stores.base import Search, Store
from tests.ingest.album import fill
from tests.ingest.running import embed, index
from tests.ingest.watching import wait_until


@pytest.mark.parametrize("in_flight", [1, 2, 4])
def test_no_more_batches_are_in_flight_than_the_option_says(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch, in_flight: int
) -> None:
    monkeypatch.setattr(run, "_BATCH_FILES", 2)
    fill(folder, 60)
    lock = threading.Lock()
    now, most, calls = 0, 0, 0

    def counting(images: Sequence[bytes]) -> Extraction:
        nonlocal now, most, calls
        with lock:
            now, calls = now + 1, calls + 1
            most = max(most, now)
        time.sleep(0.01)
        with lock:
            now -= 1
        return embed(images)

    assert index(store, folder, counting, in_flight=in_flight).counts["added"] == 60
    assert (most, calls) == (in_flight, 30)


def test_reading_waits_for_an_extractor_that_is_stuck(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_BATCH_FILES", 2)
    fill(folder, 100)
    read: list[Path] = []
    stuck = threading.Event()

    def noting(path: Path, root: Path, max_bytes: int) -> File | Failure | None:
        read.append(path)
        return read_file(path, root, max_bytes)

    def waiting(images: Sequence[bytes]) -> Extraction:
        assert stuck.wait(60)
        return embed(images)

    monkeypatch.setattr(reader, "read_file", noting)
    running = threading.Thread(target=index, args=(store, folder, waiting))
    running.start()
    wait_until(lambda: len(read) >= 6)
    time.sleep(0.3)
    held = len(read)
    stuck.set()
    running.join()
    assert held <= 2 * (2 + 2), "two batches are asked for, one waits, one is being filled"
    assert (len(read), store.count()) == (100, 100)


def test_searches_see_the_index_grow_during_a_run(
    store: Store, store_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_PUBLISH_SECONDS", 0.0)
    monkeypatch.setattr(run, "_BATCH_FILES", 4)
    fill(folder, 40)
    searching = open_store(store_url)
    seen: list[int] = []

    def looking(images: Sequence[bytes]) -> Extraction:
        extraction = embed(images)
        vector = extraction.items[0]
        seen.append(searching.search(Search(vector)).total)  # type: ignore[arg-type]
        return extraction

    index(store, folder, looking, in_flight=1)
    assert seen == sorted(seen)
    assert (seen[0], len(seen)) == (0, 10)
    assert seen[-1] >= 4 * 6, "of nine batches at most three are still on their way"
    searching.close()


def test_batches_are_bounded_by_number_and_by_bytes() -> None:
    sizes = [10, 10, 10, 10, 80, 30, 200, 5, 5]
    files = (File(str(number), bytes(size), "") for number, size in enumerate(sizes))
    grouped = [[len(file.data) for file in batch] for batch in batches(files, 3, 100)]
    assert grouped == [[10, 10, 10], [10, 80], [30], [200], [5, 5]]
    assert list(batches(iter(()), 3, 100)) == []
