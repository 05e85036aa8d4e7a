"""Waits for a run to come to a certain point."""

import time
from collections.abc import Callable
from subprocess import Popen

from search_api.stores.base import StoreUnavailable
from tests.ingest.command import Ingest

_MAX_SECONDS = 60


def wait_until(reached: Callable[[], bool]) -> None:
    """Ask again and again; fails after a minute."""
    deadline = time.monotonic() + _MAX_SECONDS
    while not reached():
        assert time.monotonic() < deadline, "the state was never reached"
        time.sleep(0.002)


def wait_for_records(ingest: Ingest, running: Popen[str], least: int) -> None:
    """Wait until the run has written at least ``least`` records; it must still be running then."""

    def reached() -> bool:
        assert running.poll() is None, "the run ended too early to be disturbed"
        try:
            return ingest.count() >= least
        except StoreUnavailable:  # not created yet
            return False

    wait_until(reached)
