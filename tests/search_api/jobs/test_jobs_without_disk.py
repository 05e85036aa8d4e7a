"""Disks that vanish or cannot be written while jobs run: no record is lost to that."""

import shutil
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.answers import assert_failure, assert_success
from tests.ingest.album import fill
from tests.ingest.watching import wait_until
from tests.search_api.conftest import MakeClient
from tests.search_api.gallery import records_in
from tests.search_api.jobs.job_watching import counts, finished, job_at, start

_COUNT = 120


@pytest.fixture
def names(root: Path) -> list[str]:
    return fill(root, _COUNT)


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


def test_an_image_root_that_is_suddenly_empty_is_not_pruned(
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


def test_a_job_runs_although_its_state_cannot_be_written(
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


def test_files_that_are_not_jobs_are_left_alone(
    subtests: pytest.Subtests, make_client: MakeClient, root: Path, tmp_path: Path
) -> None:
    fill(root, 3)
    (tmp_path / "jobs").mkdir()
    contents = ("", "words", "[]", "{}", '{"id": "0000000000000004"}', "\0" * 100)
    files = [tmp_path / "jobs" / f"{number:016x}.json" for number in range(len(contents))]
    for file, content in zip(files, contents, strict=True):
        file.write_text(content)
    client = make_client(store_url=f"embedded://{tmp_path}/new.db", root=root)
    assert assert_success(client.get("/jobs")) == {"jobs": []}
    assert finished(client, start(client))["state"] == "done"
    for file, content in zip(files, contents, strict=True):
        with subtests.test(repr(content)):
            assert file.read_text() == content
