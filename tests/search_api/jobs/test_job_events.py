"""GET /jobs/ID/events: a job's progress as server-sent events, from a service as it runs."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient

from tests.answers import assert_failure, assert_success
from tests.ingest.album import fill
from tests.ingest.watching import wait_until
from tests.search_api.gallery import Gallery
from tests.search_api.jobs.job_watching import finished, job_over, start
from tests.servers.process import Service
from tests.servers.search_service import search_service

_COUNT = 400
_STREAMS = 8


@pytest.fixture
def running(slow_extractor: Service, tmp_path: Path, own: Gallery) -> Iterator[Service]:
    fill(tmp_path / "more photos", _COUNT)
    with search_service(tmp_path, own.store_url, slow_extractor.url, tmp_path / "more photos") as service:
        yield service


@pytest.fixture
def job_id(running: Service) -> str:
    """The id of a job that takes a while."""
    id_: str = assert_success(requests.post(f"{running.url}/jobs", json={"path": ""}, timeout=60))["id"]
    return id_


def stream(service: Service, id_: str) -> requests.Response:
    """Open the stream of a job."""
    return requests.get(f"{service.url}/jobs/{id_}/events", stream=True, timeout=60)


def events(answer: requests.Response) -> list[Any]:
    """Return the events that come until the stream ends."""
    blocks = answer.content.decode().split("\n\n")
    assert blocks.pop() == ""
    assert all(block.startswith(("data: {", ": alive")) for block in blocks)
    return [json.loads(block.removeprefix("data: ")) for block in blocks if block.startswith("data: ")]


def test_a_stream_sends_every_change_and_ends_with_the_job(running: Service, job_id: str) -> None:
    with stream(running, job_id) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        assert answer.headers["Cache-Control"] == "no-store"
        received = events(answer)
    assert received[-1] == job_over(running.url, job_id)
    assert (received[-1]["state"], received[-1]["done"], received[-1]["total"]) == ("done", _COUNT, _COUNT)
    assert len(received) > 2
    done = [job["done"] for job in received]
    assert done == sorted(done)
    assert {job["state"] for job in received[:-1]} == {"running"}
    assert all(one != following for one, following in pairwise(received))


def test_the_stream_of_a_job_that_has_ended_is_its_last_state(own_client: FlaskClient) -> None:
    job = finished(own_client, start(own_client))
    with own_client.get(f"/jobs/{job['id']}/events") as answer:
        assert answer.get_data(as_text=True) == f"data: {json.dumps(job)}\n\n"


def test_a_stream_sends_that_the_job_was_stopped(running: Service, job_id: str) -> None:
    with stream(running, job_id) as answer:
        assert_success(requests.delete(f"{running.url}/jobs/{job_id}", timeout=60))
        assert events(answer)[-1]["state"] == "stopped"


def test_the_number_of_streams_is_limited_and_other_requests_are_answered(running: Service, job_id: str) -> None:
    with ExitStack() as opened:
        streams = [opened.enter_context(stream(running, job_id)) for _ in range(_STREAMS)]
        assert all(answer.status_code == 200 for answer in streams)
        assert f"GET /jobs/{job_id}" in assert_failure(stream(running, job_id), "busy")
        assert job_over(running.url, job_id)["id"] == job_id

    def free_again() -> bool:
        with stream(running, job_id) as answer:
            return answer.status_code == 200

    wait_until(free_again)


def test_a_stream_that_fails_does_not_count_against_the_limit(own_client: FlaskClient) -> None:
    for _ in range(_STREAMS + 1):
        assert_failure(own_client.get("/jobs/0123456789abcdef/events"), "not_found")
    job = finished(own_client, start(own_client))
    for _ in range(_STREAMS + 1):
        for method in ("HEAD", "GET"):
            with own_client.open(f"/jobs/{job['id']}/events", method=method) as answer:
                assert answer.status_code == 200


@pytest.mark.parametrize("number", ["SIGTERM", "SIGINT"])
def test_a_service_ends_while_a_stream_is_open(running: Service, job_id: str, number: str) -> None:
    with stream(running, job_id) as answer:
        running.signal_all(number)
        assert running.wait() == 0
        assert events(answer)[-1]["state"] in ("running", "stopping", "interrupted")
    assert "Traceback" not in running.log.read_text()
    assert "SIGKILL" not in running.log.read_text(), "no worker had to be killed"


def test_a_job_that_is_forgotten_ends_its_stream(running: Service, job_id: str) -> None:
    with stream(running, job_id) as answer:
        requests.delete(f"{running.url}/jobs/{job_id}", timeout=60)
        while requests.delete(f"{running.url}/jobs/{job_id}", timeout=60).status_code == 200:
            pass
        assert events(answer)[-1]["state"] in ("running", "stopping", "stopped")
    assert "Traceback" not in running.log.read_text()
