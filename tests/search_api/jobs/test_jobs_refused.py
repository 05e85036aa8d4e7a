"""Jobs that are not taken: no folder, too many, the same twice; and those that cannot begin."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from search_api.stores import create_store
from tests.answers import assert_failure, assert_success
from tests.extractor.dummy import MODEL
from tests.ingest.album import fill
from tests.search_api.conftest import MakeClient
from tests.search_api.gallery import records_in
from tests.search_api.jobs.job_watching import finished, job_at, start
from tests.servers.process import Service, free_port


@pytest.fixture
def busy_client(slow_client: FlaskClient, root: Path) -> FlaskClient:
    """A client of a service whose jobs take a while."""
    for folder in ("a", "b", "c", "a/deeper"):
        fill(root / folder, 48)
    return slow_client


def test_two_folders_are_indexed_at_once_and_a_third_has_to_wait(busy_client: FlaskClient, new_url: str) -> None:
    ids = [start(busy_client, "b"), start(busy_client, "c")]
    assert "2 jobs" in assert_failure(busy_client.post("/jobs", json={"path": "a"}), "busy")
    assert len(assert_success(busy_client.get("/jobs"))["jobs"]) == 2
    assert [finished(busy_client, id_)["state"] for id_ in ids] == ["done", "done"]
    assert len(records_in(new_url)) == 96
    assert finished(busy_client, start(busy_client, "a"))["state"] == "done"


def test_a_folder_is_not_indexed_twice_at_once(subtests: pytest.Subtests, busy_client: FlaskClient, root: Path) -> None:
    (root / "link").symlink_to("a")
    id_ = start(busy_client, "a")
    for again in ("a", "a/", "./a", "a/.", "a//", "link"):
        with subtests.test(again):
            assert "already" in assert_failure(busy_client.post("/jobs", json={"path": again}), "busy")
    deeper = start(busy_client, "a/deeper")
    jobs = [finished(busy_client, one) for one in (id_, deeper)]
    assert [(job["state"], job["detail"]) for job in jobs] == [("done", None)] * 2


def test_the_root_is_not_indexed_twice_at_once(subtests: pytest.Subtests, busy_client: FlaskClient) -> None:
    for one, other in [("", "."), (".", ""), ("./", ".")]:
        with subtests.test(f"{one!r} and {other!r}"):
            id_ = start(busy_client, one)
            assert_failure(busy_client.post("/jobs", json={"path": other}), "busy")
            assert_success(busy_client.delete(f"/jobs/{id_}"))
            finished(busy_client, id_)


def test_a_folder_that_is_not_there_is_not_found(new_client: FlaskClient, root: Path) -> None:
    (root / "file.jpg").write_text("no folder")
    for path in ("nothing", "file.jpg", "file.jpg/below", "a" * 300):
        assert_failure(new_client.post("/jobs", json={"path": path}), "not_found")
    assert assert_success(new_client.get("/jobs")) == {"jobs": []}


def test_without_an_image_root_there_are_no_jobs(make_client: MakeClient, new_url: str) -> None:
    client = make_client(store_url=new_url, root=None)
    assert "SEARCH_IMAGE_ROOT" in assert_failure(client.post("/jobs", json={"path": ""}), "bad_parameter")


def test_a_bad_parameter_of_a_job_is_named(subtests: pytest.Subtests, new_client: FlaskClient) -> None:
    for fields in [{}, {"path": None}, {"path": 5}, {"path": ["a"]}, {"path": "", "prune": "maybe"}]:
        with subtests.test(str(fields)):
            assert_failure(new_client.post("/jobs", json=fields), "bad_parameter")


def test_a_job_of_another_model_fails_and_says_so(make_client: MakeClient, new_url: str, root: Path) -> None:
    fill(root, 3)
    create_store(new_url, "another:model", MODEL.dim).close()
    client = make_client(store_url=new_url, root=root)
    job = finished(client, start(client))
    assert (job["state"], job["error"]) == ("failed", "model_mismatch")
    assert "another:model" in job["detail"]
    assert records_in(new_url) == {}


def test_an_extractor_that_stays_away_makes_the_job_fail_and_it_can_be_resumed(
    make_client: MakeClient, extractor: Service, new_url: str, root: Path
) -> None:
    fill(root, 3)
    away = make_client(store_url=new_url, root=root, extractor_urls=[f"http://127.0.0.1:{free_port()}"], deadline=0.3)
    job = finished(away, start(away))
    assert (job["state"], job["error"], job["total"]) == ("failed", "extractor_unavailable", None)
    back = make_client(store_url=new_url, root=root)
    assert job_at(back, job["id"]) == job
    assert_success(back.post(f"/jobs/{job['id']}/resume"))
    job = finished(back, job["id"])
    assert (job["state"], job["error"], job["detail"], job["added"]) == ("done", None, None, 3)


def test_a_job_that_is_not_there_is_not_found(subtests: pytest.Subtests, new_client: FlaskClient) -> None:
    for action in ["get", "delete"]:
        with subtests.test(action):
            assert_failure(getattr(new_client, action)("/jobs/0123456789abcdef"), "not_found")
            assert_failure(new_client.get("/jobs/0123456789abcdef/events"), "not_found")
            assert_failure(new_client.post("/jobs/0123456789abcdef/resume"), "not_found")


def test_a_job_that_is_done_is_not_resumed(new_client: FlaskClient, root: Path) -> None:
    fill(root, 3)
    id_ = finished(new_client, start(new_client))["id"]
    assert "done" in assert_failure(new_client.post(f"/jobs/{id_}/resume"), "bad_parameter")
