"""Jobs that are stopped or disturbed in the middle: what was done is kept, the rest can be resumed."""

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from search_api.stores.base import StoreUnavailable
from tests.answers import assert_failure, assert_success
from tests.ingest.album import fill
from tests.ingest.watching import wait_until
from tests.search_api.conftest import MakeClient
from tests.search_api.gallery import records_in
from tests.search_api.job_watching import counts, finished, job_at, start
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
    """The job goes on where it was, and nothing is done twice."""
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


def test_what_is_done_is_searched_while_the_job_goes_on(slow_client: FlaskClient, half_done: str) -> None:
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


def test_a_folder_that_vanishes_ends_the_job_and_costs_no_record(
    slow_client: FlaskClient, new_url: str, root: Path, names: list[str]
) -> None:
    finished(slow_client, start(slow_client))
    names += [f"later/{name}" for name in fill(root / "later", _COUNT, first=1000)]
    id_ = start(slow_client, prune=True)
    wait_until(lambda: job_at(slow_client, id_)["added"] > 0)
    there = set(records_in(new_url))
    shutil.move(root, root.parent / "unplugged")
    job = finished(slow_client, id_)
    assert (job["state"], job["error"], job["pruned"]) == ("failed", "not_found", 0)
    assert there <= set(records_in(new_url))
    assert_failure(slow_client.post(f"/jobs/{id_}/resume"), "not_found")
    shutil.move(root.parent / "unplugged", root)
    assert_success(slow_client.post(f"/jobs/{id_}/resume"))
    assert finished(slow_client, id_)["state"] == "done"
    assert sorted(records_in(new_url)) == sorted(names)


def test_an_image_root_that_is_empty_of_a_sudden_is_not_pruned(
    slow_client: FlaskClient, new_url: str, root: Path, names: list[str]
) -> None:
    """As when a disk is unplugged: the folder that it was mounted on stays."""
    finished(slow_client, start(slow_client))
    fill(root / "later", _COUNT, first=1000)
    id_ = start(slow_client, prune=True)
    wait_until(lambda: job_at(slow_client, id_)["added"] > 0)
    shutil.move(root, root.parent / "unplugged")
    root.mkdir()
    job = finished(slow_client, id_)
    assert (job["state"], job["error"], job["pruned"]) == ("failed", "not_found", 0)
    assert set(names) <= set(records_in(new_url))


def test_a_state_folder_that_cannot_be_written_costs_what_would_be_kept_and_not_the_job(
    make_client: MakeClient, new_url: str, root: Path, tmp_path: Path
) -> None:
    names = fill(root, 20)
    (tmp_path / "jobs").write_text("a file is in the way")
    client = make_client(store_url=new_url, root=root)
    job = finished(client, start(client))
    assert (job["state"], counts(job)) == ("done", {"added": 20})
    assert sorted(records_in(new_url)) == sorted(names)
    assert assert_success(client.delete(f"/jobs/{job['id']}"))["id"] == job["id"]
    assert assert_success(make_client(store_url=new_url, root=root).get("/jobs")) == {"jobs": []}


@pytest.mark.parametrize("content", ["", "words", "[]", "{}", '{"id": "0123456789abcdef"}', "\0" * 100])
def test_a_file_that_is_no_job_is_left_alone(make_client: MakeClient, root: Path, tmp_path: Path, content: str) -> None:
    fill(root, 3)
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs" / "0123456789abcdef.json").write_text(content)
    client = make_client(store_url=f"embedded://{tmp_path}/new.db", root=root)
    assert assert_success(client.get("/jobs")) == {"jobs": []}
    assert finished(client, start(client))["state"] == "done"
    assert (tmp_path / "jobs" / "0123456789abcdef.json").read_text() == content
