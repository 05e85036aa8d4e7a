"""Whatever ends a run in the middle, the next one goes on: nothing is lost, nothing doubled."""

import os
import signal
import socket
import sqlite3
import time
from pathlib import Path
from subprocess import Popen

import pytest

from tests.extractor.dummy import dummy_embedder
from tests.ingest.album import fill
from tests.ingest.command import Ingest, finish
from tests.ingest.watching import wait_for_records, wait_until

_COUNT = 300
_BATCH = 32


@pytest.fixture
def names(folder: Path) -> list[str]:
    return fill(folder, _COUNT)


def assert_complete(ingest: Ingest, folder: Path, names: list[str]) -> None:
    """Check that every image is there once, with its vector."""
    records = ingest.records()
    assert sorted(records) == sorted(names)
    expected = dummy_embedder().embed([(folder / name).read_bytes() for name in names])
    for name, vector in zip(names, expected, strict=True):
        found = records[name].vector
        assert found is not None
        assert found.tolist() == pytest.approx(vector.tolist(), rel=1e-4)


def assert_next_run_completes(ingest: Ingest, folder: Path, names: list[str], kept: int) -> None:
    """Check that the next run sends the model what was not kept, and nothing else."""
    done = ingest.run(folder)
    assert (done.code, done.errors) == (0, [])
    assert done.counts == {name: n for name, n in (("added", len(names) - kept), ("unchanged", kept)) if n}
    assert_complete(ingest, folder, names)


def kill(process: Popen[str]) -> None:
    process.kill()
    assert finish(process).code == -signal.SIGKILL


@pytest.mark.parametrize("moment", [0, 1, 100, 200])
def test_a_run_that_is_killed_is_completed_by_the_next(
    slow_ingest: Ingest, folder: Path, names: list[str], moment: int
) -> None:
    running = slow_ingest.start(slow_ingest.command(folder))
    wait_for_records(slow_ingest, running, moment)
    kill(running)
    kept = slow_ingest.count()
    assert kept >= moment
    assert kept % _BATCH == 0, "batches are written whole"
    assert_next_run_completes(slow_ingest, folder, names, kept)


def test_a_run_that_is_killed_again_and_again_comes_to_its_end(
    slow_ingest: Ingest, folder: Path, names: list[str]
) -> None:
    kept = 0
    for _ in range(3):
        running = slow_ingest.start(slow_ingest.command(folder))
        wait_for_records(slow_ingest, running, kept + 1)
        kill(running)
        kept = slow_ingest.count()
    assert_next_run_completes(slow_ingest, folder, names, kept)


def test_a_run_that_is_killed_inside_of_a_write_leaves_no_half_batch(ingest: Ingest, folder: Path) -> None:
    names = fill(folder, 1_500)
    index = Path(ingest.store.removeprefix("embedded://"))
    running = ingest.start(ingest.command(folder))
    wait_for_records(ingest, running, 1)

    def stopped_inside() -> bool:
        assert running.poll() is None, "the run ended before it was caught in a write"
        running.send_signal(signal.SIGSTOP)
        wait_until(lambda: _state(running.pid) == "T")
        if _is_locked(index):
            return True
        running.send_signal(signal.SIGCONT)
        time.sleep(0.001)
        return False

    wait_until(stopped_inside)
    before = ingest.count()
    kill(running)
    kept = ingest.count()
    assert kept in (before, before + _BATCH), "all of the batch or nothing"
    assert before % _BATCH == 0
    assert_next_run_completes(ingest, folder, names, kept)


def _state(pid: int) -> str:
    """Return the state of a process, in Linux' letters."""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


def _is_locked(index: Path) -> bool:
    """Return whether a write is in progress."""
    connection = sqlite3.connect(index, timeout=0, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()
    return False


def test_an_interrupted_run_says_what_it_did_and_the_next_goes_on(
    slow_ingest: Ingest, folder: Path, names: list[str]
) -> None:
    running = slow_ingest.start(slow_ingest.command(folder))
    wait_for_records(slow_ingest, running, _BATCH)
    os.killpg(running.pid, signal.SIGINT)  # as a terminal does
    done = finish(running)
    assert (done.code, done.head) == (2, "done:")
    assert done.errors == ["Interrupted. What was done so far is kept; run the same command again to go on."]
    assert _BATCH <= done.counts["added"] < _COUNT
    assert slow_ingest.count() == done.counts["added"]
    assert_next_run_completes(slow_ingest, folder, names, done.counts["added"])


def test_a_run_that_waits_for_its_extractor_can_be_interrupted(folder: Path, names: list[str], store_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        ingest = Ingest(store_url, f"http://127.0.0.1:{nobody.getsockname()[1]}")
        running = ingest.start(ingest.command(folder))
        nobody.accept()[0].close()
    os.killpg(running.pid, signal.SIGINT)
    done = finish(running)
    assert (done.code, len(done.errors)) == (2, 1)
