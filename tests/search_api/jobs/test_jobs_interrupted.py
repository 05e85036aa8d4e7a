"""A service that ends in the middle of a job, gently or not: after its next start the job can be resumed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.answers import assert_failure, assert_success
from tests.ingest.album import fill
from tests.ingest.watching import wait_until
from tests.search_api.gallery import records_in
from tests.search_api.jobs.job_watching import counts, job_over, wait_for
from tests.servers.process import Service
from tests.servers.search_service import search_service

_COUNT = 320


@pytest.fixture
def names(root: Path) -> list[str]:
    return fill(root, _COUNT)


@pytest.fixture
def running(slow_extractor: Service, new_url: str, root: Path, tmp_path: Path) -> Iterator[Service]:
    """A search service in a process of its own, still without an index."""
    with search_service(tmp_path, new_url, slow_extractor.url, root) as service:
        yield service


@pytest.fixture
def half_done(running: Service, names: list[str]) -> str:
    """A job that is in the middle of the work."""
    id_: str = assert_success(requests.post(f"{running.url}/jobs", json={"path": "."}, timeout=60))["id"]
    wait_until(lambda: job_over(running.url, id_)["done"] > 32)
    return id_


def assert_interrupted_and_resumed(service: Service, id_: str, store_url: str, names: list[str]) -> None:
    """Check that the job is interrupted and can be resumed, and that every image is there once."""
    interrupted: Any = job_over(service.url, id_)
    assert interrupted["state"] == "interrupted"
    kept = len(records_in(store_url))
    assert 0 < kept < _COUNT
    assert_success(requests.post(f"{service.url}/jobs/{id_}/resume", timeout=60))
    job = wait_for(lambda: job_over(service.url, id_))
    assert (job["state"], job["detail"], job["started"]) == ("done", None, interrupted["started"])
    assert counts(job) == {"added": _COUNT - kept, "unchanged": kept}
    assert sorted(records_in(store_url)) == sorted(names)
    assert len(assert_success(requests.get(f"{service.url}/jobs", timeout=60))["jobs"]) == 1


def test_a_job_survives_kill_9_of_its_service(running: Service, half_done: str, new_url: str, names: list[str]) -> None:
    running.kill()
    running.start()
    assert_interrupted_and_resumed(running, half_done, new_url, names)


def test_a_job_that_is_killed_again_and_again_comes_to_its_end(
    running: Service, half_done: str, new_url: str, names: list[str]
) -> None:
    running.kill()
    running.start()
    assert_success(requests.post(f"{running.url}/jobs/{half_done}/resume", timeout=60))
    kept = len(records_in(new_url))
    wait_until(lambda: len(records_in(new_url)) > kept)
    running.kill()
    running.start()
    assert_interrupted_and_resumed(running, half_done, new_url, names)


@pytest.mark.parametrize("number", ["SIGTERM", "SIGINT"])
def test_a_service_that_is_asked_to_stop_lets_its_job_stop_first(
    running: Service, half_done: str, new_url: str, names: list[str], number: str
) -> None:
    running.signal_all(number)
    assert running.wait() == 0
    assert "Traceback" not in running.log.read_text()
    assert len(records_in(new_url)) < _COUNT, "it did not wait for the job's end"
    running.start()
    assert_interrupted_and_resumed(running, half_done, new_url, names)


def test_an_interrupted_job_can_be_forgotten_instead(running: Service, half_done: str) -> None:
    running.kill()
    running.start()
    assert assert_success(requests.delete(f"{running.url}/jobs/{half_done}", timeout=60))["state"] == "interrupted"
    assert_failure(requests.post(f"{running.url}/jobs/{half_done}/resume", timeout=60), "not_found")
    running.stop()
    running.start()
    assert assert_success(requests.get(f"{running.url}/jobs", timeout=60)) == {"jobs": []}
