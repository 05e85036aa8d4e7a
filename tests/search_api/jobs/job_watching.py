"""Jobs as tests start them and wait for them."""

from collections.abc import Callable
from typing import Any

import requests
from flask.testing import FlaskClient

from search_api.jobs.job import ENDED
from tests.answers import assert_success
from tests.ingest.watching import wait_until

COUNTS = ("added", "updated", "unchanged", "moved", "shared", "other_files", "pruned", "failed")


def start(client: FlaskClient, path: str = "", **fields: object) -> str:
    """Start a job, which has to be accepted; return its id."""
    id_: str = assert_success(client.post("/jobs", json={"path": path, **fields}))["id"]
    return id_


def job_at(client: FlaskClient, id_: str) -> Any:
    """Return the state of the job."""
    return assert_success(client.get(f"/jobs/{id_}"))


def job_over(url: str, id_: str) -> Any:
    """Return the state of the job of a service at ``url``."""
    return assert_success(requests.get(f"{url}/jobs/{id_}", timeout=60))


def finished(client: FlaskClient, id_: str) -> Any:
    """Wait for the end of the job; return its state."""
    return wait_for(lambda: job_at(client, id_))


def wait_for(look: Callable[[], Any]) -> Any:
    """Wait until ``look`` returns a job that has ended; return that."""
    seen: list[Any] = []

    def ended() -> bool:
        seen[:] = [look()]
        return seen[0]["state"] in ENDED

    wait_until(ended)
    return seen[0]


def counts(job: Any) -> dict[str, int]:
    """Return the counts of the job that are not 0."""
    return {name: job[name] for name in COUNTS if job[name]}
