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
    """Start a job, which has to be taken; returns its id."""
    id_: str = assert_success(client.post("/jobs", json={"path": path, **fields}))["id"]
    return id_


def job_at(client: FlaskClient, id_: str) -> Any:
    """How far the job is."""
    return assert_success(client.get(f"/jobs/{id_}"))


def job_over(url: str, id_: str) -> Any:
    """The same of a service at ``url``."""
    return assert_success(requests.get(f"{url}/jobs/{id_}", timeout=60))


def finished(client: FlaskClient, id_: str) -> Any:
    """The job when it has come to its end, whatever that is."""
    return wait_for(lambda: job_at(client, id_))


def wait_for(look: Callable[[], Any]) -> Any:
    """What ``look`` gives once it is a job that has ended."""
    seen: list[Any] = []

    def ended() -> bool:
        seen[:] = [look()]
        return seen[0]["state"] in ENDED

    wait_until(ended)
    return seen[0]


def counts(job: Any) -> dict[str, int]:
    """Those that are not 0."""
    return {name: job[name] for name in COUNTS if job[name]}
