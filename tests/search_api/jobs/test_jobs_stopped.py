"""Jobs that are stopped in the middle or wait: what was done is kept, the rest can be resumed."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from search_api.stores.base import StoreUnavailable
from tests.answers import assert_failure, assert_success
from tests.ingest.album import fill
from tests.ingest.watching import wait_until
from tests.search_api.conftest import MakeClient
from tests.search_api.gallery import records_in
from tests.search_api.jobs.job_watching import counts, finished, job_at, start
from tests.servers.process import Service

_COUNT = 240


@pytest.fixture
def names(root: Path) -> list[str]:
    return fill(root, _COUNT)


@pytest.fixture
def half_done(slow_client: FlaskClient, names: list[str]) -> str:
    """A job that is in the middle of the work."""
    id_ = start(slow_client)
    wait_until(lambda: job_at(slow_client, id_)["done"] > 0)
    return id_


def assert_resumed(client: FlaskClient, id_: str, store_url: str, names: list[str]) -> None:
    """Resume the job; check that it goes on where it was and does nothing twice."""
    kept = len(records_in(store_url))
    begun = assert_success(client.post(f"/jobs/{id_}/resume"))
    assert (begun["id"], begun["state"], begun["finished"], begun["error"]) == (id_, "running", None, None)
    job = finished(client, id_)
    assert (job["state"], job["detail"]) == ("done", None)
    expected = {"added": len(names) - kept, "unchanged": kept}
    assert counts(job) == {name: number for name, number in expected.items() if number}
    assert (job["total"], job["done"]) == (len(names), len(names))
    assert sorted(records_in(store_url)) == sorted(names)


def test_a_job_that_is_stopped_can_be_resumed(
    slow_client: FlaskClient, new_url: str, names: list[str], half_done: str
) -> None:
    assert assert_success(slow_client.delete(f"/jobs/{half_done}"))["state"] == "stopping"
    job = finished(slow_client, half_done)
    assert (job["state"], job["error"], job["total"]) == ("stopped", None, _COUNT)
    assert 0 < job["added"] == job["done"] == len(records_in(new_url)) < _COUNT
    assert job["finished"] is not None
    assert_resumed(slow_client, half_done, new_url, names)


def test_images_are_searched_while_their_job_goes_on(slow_client: FlaskClient, half_done: str) -> None:
    running = job_at(slow_client, half_done)
    assert (running["state"], running["total"], running["finished"]) == ("running", _COUNT, None)
    assert running["rate"] > 0
    assert assert_success(slow_client.get("/images"))["total"] > 0
    assert_failure(slow_client.post(f"/jobs/{half_done}/resume"), "bad_parameter")
    slow_client.delete(f"/jobs/{half_done}")
    finished(slow_client, half_done)


def test_a_job_waits_for_an_extractor_that_is_away_and_goes_on_when_it_is_back(
    make_client: MakeClient, new_url: str, root: Path, names: list[str], tmp_path: Path
) -> None:
    own = Service("tests.servers.dummy_extractor", "EXTRACTOR", {"SECONDS_A_BATCH": "0.05"}, tmp_path / "log")
    with own:
        client = make_client(store_url=new_url, root=root, extractor_urls=[own.url], deadline=120.0)
        id_ = start(client)
        wait_until(lambda: 0 < job_at(client, id_)["done"] < _COUNT)
        own.kill()
        assert job_at(client, id_)["state"] == "running"
        own.start()
        job = finished(client, id_)
    assert (job["state"], counts(job)) == ("done", {"added": _COUNT})
    assert sorted(records_in(new_url)) == sorted(names)


def test_cancelling_never_deletes_a_job(slow_client: FlaskClient, half_done: str) -> None:
    assert assert_success(slow_client.post(f"/jobs/{half_done}/cancel"))["state"] == "stopping"
    assert finished(slow_client, half_done)["state"] == "stopped"
    assert assert_success(slow_client.post(f"/jobs/{half_done}/cancel"))["state"] == "stopped"
    assert assert_success(slow_client.get(f"/jobs/{half_done}"))["state"] == "stopped"
    assert_failure(slow_client.post("/jobs/nowhere/cancel"), "not_found")


def test_a_job_that_waits_for_its_extractor_can_be_stopped(
    make_client: MakeClient, new_url: str, root: Path, names: list[str], tmp_path: Path
) -> None:
    own = Service("tests.servers.dummy_extractor", "EXTRACTOR", {"SECONDS_A_BATCH": "0.05"}, tmp_path / "log")
    with own:
        client = make_client(store_url=new_url, root=root, extractor_urls=[own.url], deadline=600.0)
        id_ = start(client)
        wait_until(lambda: 0 < job_at(client, id_)["done"] < _COUNT)
    assert_success(client.delete(f"/jobs/{id_}"))
    assert finished(client, id_)["state"] == "stopped"


def test_a_job_whose_extractor_is_away_from_the_beginning_can_be_stopped(
    make_client: MakeClient, new_url: str, root: Path, names: list[str]
) -> None:
    client = make_client(store_url=new_url, root=root, extractor_urls=["http://127.0.0.1:1"], deadline=600.0)
    id_ = start(client)
    assert job_at(client, id_)["total"] is None
    assert_success(client.delete(f"/jobs/{id_}"))
    assert finished(client, id_)["state"] == "stopped"
    with pytest.raises(StoreUnavailable):
        records_in(new_url)
