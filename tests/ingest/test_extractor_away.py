"""An extractor that is away, restarts or is busy makes a run slower, not wrong."""

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ingest.album import fill
from tests.ingest.command import Ingest, finish
from tests.ingest.watching import wait_for_records
from tests.servers.dummy_extractor import dummy_extractor
from tests.servers.meddling_proxy import Answer, Asked, Forward, MeddlingProxy
from tests.servers.process import Service, free_port

_COUNT = 200


@pytest.fixture
def names(folder: Path) -> list[str]:
    return fill(folder, _COUNT)


@pytest.fixture
def own_extractor(tmp_path: Path) -> Iterator[Service]:
    """An extractor that a test starts and kills."""
    service = dummy_extractor(tmp_path / "log", seconds_a_batch=0.03)
    yield service
    service.stop()


def test_an_extractor_that_is_not_there_yet_is_waited_for(
    own_extractor: Service, store_url: str, folder: Path, names: list[str]
) -> None:
    ingest = Ingest(store_url, own_extractor.url)
    running = ingest.start(ingest.command(folder))
    time.sleep(2.5)
    assert running.poll() is None
    own_extractor.start()
    done = finish(running)
    assert (done.code, done.counts, done.errors) == (0, {"added": _COUNT}, [])
    assert len(done.notices) == 1, "it says what it waits for, once"
    assert set(ingest.records()) == set(names)


@pytest.mark.parametrize("pause", [0.0, 2.0])
def test_an_extractor_that_is_killed_and_restarted_costs_no_image(
    own_extractor: Service, store_url: str, folder: Path, names: list[str], pause: float
) -> None:
    ingest = Ingest(store_url, own_extractor.start().url)
    running = ingest.start(ingest.command(folder))
    for least in (1, 100):
        wait_for_records(ingest, running, least)
        own_extractor.kill()
        time.sleep(pause)
        assert running.poll() is None
        own_extractor.start()
    done = finish(running)
    assert (done.code, done.counts, done.errors) == (0, {"added": _COUNT}, [])
    assert set(ingest.records()) == set(names)


def test_an_extractor_that_stops_in_an_orderly_way_costs_no_image(
    own_extractor: Service, store_url: str, folder: Path, names: list[str]
) -> None:
    ingest = Ingest(store_url, own_extractor.start().url)
    running = ingest.start(ingest.command(folder))
    wait_for_records(ingest, running, 1)
    own_extractor.stop()
    own_extractor.start()
    done = finish(running)
    assert (done.code, done.counts, done.errors) == (0, {"added": _COUNT}, [])


def test_an_interrupt_ends_a_run_whose_extractor_went_away(
    own_extractor: Service, store_url: str, folder: Path, names: list[str]
) -> None:
    ingest = Ingest(store_url, own_extractor.start().url)
    running = ingest.start(ingest.command(folder))
    wait_for_records(ingest, running, 1)
    own_extractor.kill()
    time.sleep(1.5)
    os.killpg(running.pid, signal.SIGINT)
    done = finish(running)
    assert (done.code, done.head) == (2, "done:")
    assert done.errors == ["Interrupted. What was done so far is kept; run the same command again to go on."]
    assert ingest.count() == done.counts["added"] < _COUNT


@pytest.mark.parametrize("queue", [1, 2])
def test_an_extractor_that_is_busy_all_the_time_stops_nothing(
    tmp_path: Path, store_url: str, folder: Path, names: list[str], queue: int
) -> None:
    with dummy_extractor(tmp_path / "log", queue=queue, seconds_a_batch=0.02) as busy:
        ingest = Ingest(store_url, f"{busy.url},{busy.url}/")  # as two addresses: four batches at once
        done = ingest.run(folder)
        assert (done.code, done.counts, done.errors) == (0, {"added": _COUNT}, [])
        assert " 429 " in (tmp_path / "log").read_text(), "it was busy"
    assert set(ingest.records()) == set(names)


def test_one_dead_address_of_two_stops_nothing(
    slow_extractor: Service, store_url: str, folder: Path, names: list[str]
) -> None:
    dead = f"http://127.0.0.1:{free_port()}"
    ingest = Ingest(store_url, f"{dead}, {slow_extractor.url}")
    done = ingest.run(folder)
    assert (done.code, done.counts, done.errors) == (0, {"added": _COUNT}, [])
    assert set(ingest.records()) == set(names)


def test_an_image_that_the_extractor_fails_at_is_named_and_skipped(
    extractor: Service, store_url: str, folder: Path, names: list[str]
) -> None:
    deadly = (folder / names[3]).read_bytes()

    def meddle(asked: Asked, forward: Forward) -> Answer:
        return Answer(500, b"<html>Internal Server Error</html>") if deadly in asked.body else forward(asked)

    with MeddlingProxy(extractor.url.removeprefix("http://")) as proxy:
        proxy.meddle = meddle
        done = Ingest(store_url, f"http://{proxy.address}").run(folder)
    assert (done.code, done.counts) == (1, {"added": _COUNT - 1, "failed": 1})
    assert [line for line in done.errors if line.startswith(f"{names[3]}: extractor_unavailable: ")] == done.errors
