"""How a run flows: bounded in memory, seen by searches while it goes on, and one bad batch costs no other."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from search_api.extractor_client import Extraction, ExtractorBreaksDown, ExtractorUnavailable
from search_api.ingest import reader, run, writer
from search_api.ingest.files import Failure, File, batches, find_files, read_file
from search_api.ingest.run import ingest
from search_api.ingest.summary import Progress, Summary
from search_api.stores import create_store, open_store
from search_api.stores.base import Search, Store
from tests.extractor.dummy import FINGERPRINT, MODEL, dummy_embedder
from tests.ingest.album import fill, picture, put
from tests.ingest.watching import wait_until

Embed = Callable[[Sequence[bytes]], Extraction]


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    store = create_store(store_url, str(FINGERPRINT), MODEL.dim)
    yield store
    store.close()


def embed(pictures: Sequence[bytes]) -> Extraction:
    return Extraction(list(dummy_embedder().embed(pictures)), str(FINGERPRINT))


def index(store: Store, folder: Path, embed: Embed, **options: Any) -> Summary:
    """Run over ``folder``; every file is told to the progress once."""
    told: list[int] = []
    progress = Progress(lambda: told.append(1))
    paths = find_files(folder)
    options = {"max_bytes": 10**6, "in_flight": 2, "dry_run": False} | options
    ingest(store, embed, folder, paths, progress, **options)
    assert len(told) == len(paths)
    return progress.summary


@pytest.mark.parametrize("in_flight", [1, 2, 4])
def test_no_more_batches_are_asked_for_at_once_than_said(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch, in_flight: int
) -> None:
    monkeypatch.setattr(run, "_BATCH_FILES", 2)
    fill(folder, 60)
    lock = threading.Lock()
    now, most, calls = 0, 0, 0

    def counting(pictures: Sequence[bytes]) -> Extraction:
        nonlocal now, most, calls
        with lock:
            now, calls = now + 1, calls + 1
            most = max(most, now)
        time.sleep(0.01)
        with lock:
            now -= 1
        return embed(pictures)

    assert index(store, folder, counting, in_flight=in_flight).added == 60
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

    def waiting(pictures: Sequence[bytes]) -> Extraction:
        assert stuck.wait(60)
        return embed(pictures)

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

    def looking(pictures: Sequence[bytes]) -> Extraction:
        extraction = embed(pictures)
        vector = extraction.items[0]
        seen.append(searching.search(Search(vector)).total)  # type: ignore[arg-type]
        return extraction

    index(store, folder, looking, in_flight=1)
    assert seen == sorted(seen)
    assert (seen[0], len(seen)) == (0, 10)
    assert seen[-1] >= 4 * 6, "of nine batches at most three are still on their way"
    searching.close()


def test_a_picture_that_the_extractor_does_not_survive_costs_no_other(store: Store, folder: Path) -> None:
    names = fill(folder, 50)
    deadly = [put(folder, f"deadly {number}.jpg", picture(900 + number)).read_bytes() for number in range(2)]
    put(folder, "twin.jpg", deadly[0])

    def dying(pictures: Sequence[bytes]) -> Extraction:
        if set(pictures) & set(deadly):
            raise ExtractorBreaksDown("The extractor breaks down in the middle of a request.")
        return embed(pictures)

    summary = index(store, folder, dying)
    assert {failure.file_path for failure in summary.failures} == {"deadly 0.jpg", "deadly 1.jpg", "twin.jpg"}
    assert {failure.error for failure in summary.failures} == {"extractor_unavailable"}
    assert {record.file_path for record in store.scan()} == set(names)


def test_what_was_written_before_the_extractor_was_lost_stays_and_is_seen(
    store: Store, store_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_BATCH_FILES", 5)
    fill(folder, 50)
    calls = given_up = 0

    def leaving(pictures: Sequence[bytes]) -> Extraction:
        nonlocal calls
        calls += 1
        if calls > 4:
            raise ExtractorUnavailable("The extractor does not answer.")
        return embed(pictures)

    def give_up() -> None:
        nonlocal given_up
        given_up += 1

    searching = open_store(store_url)
    with pytest.raises(ExtractorUnavailable):
        index(store, folder, leaving, in_flight=1, give_up=give_up)
    assert given_up == 1
    assert store.count() >= 15
    assert searching.search(Search(dummy_embedder().embed([picture(0)])[0], None)).total == store.count()
    searching.close()


def test_batches_are_bounded_by_number_and_by_bytes() -> None:
    sizes = [10, 10, 10, 10, 80, 30, 200, 5, 5]
    files = (File(str(number), bytes(size), "") for number, size in enumerate(sizes))
    grouped = [[len(file.data) for file in batch] for batch in batches(files, 3, 100)]
    assert grouped == [[10, 10, 10], [10, 80], [30], [200], [5, 5]]
    assert list(batches(iter(()), 3, 100)) == []
