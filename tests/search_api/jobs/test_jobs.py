"""Jobs: a folder below the image root is indexed in the background, and its progress reported."""

from datetime import datetime
from pathlib import Path

from flask.testing import FlaskClient

from tests.answers import assert_failure, assert_success
from tests.ingest.album import fill, image, put
from tests.search_api.conftest import MAX_BYTES, MakeClient
from tests.search_api.gallery import records_in
from tests.search_api.images.uploading import add, listed, uploaded_files
from tests.search_api.jobs.job_watching import counts, finished, job_at, start
from tests.search_api.search.searching import paths, search


def test_a_folder_is_indexed_and_found(new_client: FlaskClient, new_url: str, root: Path) -> None:
    names = fill(root, 40)
    job = finished(new_client, start(new_client, "1"))
    wanted = [name for name in names if name.startswith("1/")]
    assert (job["state"], job["path"], job["collection"], job["prune"]) == ("done", "1", "default", False)
    assert (job["total"], job["done"], counts(job)) == (len(wanted), len(wanted), {"added": len(wanted)})
    assert (job["errors"], job["failures"], job["error"], job["detail"]) == ({}, [], None, None)
    assert job["rate"] > 0
    assert datetime.fromisoformat(job["started"]) <= datetime.fromisoformat(job["finished"])
    assert datetime.fromisoformat(job["finished"]).utcoffset() is not None
    assert sorted(records_in(new_url)) == sorted(wanted)
    assert paths(search(new_client, image(7)))[0] == "1/0007.jpg"


def test_all_of_the_root_is_one_job(new_client: FlaskClient, new_url: str, root: Path) -> None:
    names = fill(root, 9)
    for path, expected in (("", {"added": 9}), (".", {"unchanged": 9})):
        assert counts(finished(new_client, start(new_client, path))) == expected
    assert sorted(records_in(new_url)) == sorted(names)


def test_a_second_run_sees_what_has_changed(new_client: FlaskClient, new_url: str, root: Path) -> None:
    names = fill(root, 12)
    finished(new_client, start(new_client))
    put(root, names[0], image(500))
    (root / names[1]).rename(root / "moved.jpg")
    put(root, "a copy.jpg", image(2))
    put(root, "words.txt", b"words")
    job = finished(new_client, start(new_client))
    assert counts(job) == {"updated": 1, "moved": 1, "shared": 1, "other_files": 1, "unchanged": 10}
    assert (job["done"], job["total"]) == (14, 14)
    assert sorted(records_in(new_url)) == sorted([*names[:1], *names[2:], "moved.jpg", "a copy.jpg"])


def test_files_that_fail_are_named_and_counted_by_their_error(new_client: FlaskClient, root: Path) -> None:
    fill(root, 5)
    put(root, "bad/words.jpg", b"only words")
    put(root, "bad/cut.jpg", image(1)[:300])
    put(root, "bad/more words.jpg", b"more words")
    put(root, "bad/large.jpg", bytes(MAX_BYTES + 1))
    job = finished(new_client, start(new_client))
    assert (job["state"], job["done"], job["total"]) == ("done", 9, 9)
    assert counts(job) == {"added": 5, "failed": 4}
    assert job["errors"] == {"not_an_image": 2, "truncated_image": 1, "image_too_large": 1}
    named = {failure["file_path"]: failure["error"] for failure in job["failures"]}
    assert named == {
        "bad/words.jpg": "not_an_image",
        "bad/more words.jpg": "not_an_image",
        "bad/cut.jpg": "truncated_image",
        "bad/large.jpg": "image_too_large",
    }
    assert all(failure["detail"].endswith(".") for failure in job["failures"])


def test_all_failures_are_counted_and_the_first_ones_named(new_client: FlaskClient, root: Path) -> None:
    for number in range(230):
        put(root, f"{number}.jpg", f"words {number}".encode())
    job = finished(new_client, start(new_client))
    assert (job["failed"], job["errors"], len(job["failures"])) == (230, {"not_an_image": 230}, 200)


def test_links_out_of_the_root_fail_and_are_not_read(
    new_client: FlaskClient, new_url: str, root: Path, tmp_path: Path
) -> None:
    names = fill(root, 3)
    secret = put(tmp_path, "secret/photo.jpg", image(50))
    (root / "out.jpg").symlink_to(secret)
    (root / "dangling.jpg").symlink_to(tmp_path / "nothing.jpg")
    (root / "folder").symlink_to(secret.parent)
    (root / "inside.jpg").symlink_to(root / names[0])
    (root / "itself.jpg").symlink_to("itself.jpg")
    job = finished(new_client, start(new_client))
    assert job["state"] == "done", job["detail"]
    refused = {failure["file_path"] for failure in job["failures"] if failure["error"] == "forbidden"}
    assert {"out.jpg", "dangling.jpg"} <= refused
    assert set(records_in(new_url)) == {*names, "inside.jpg"}
    assert paths(search(new_client, image(50), score=0.9999)) == []


def test_pruning_removes_what_is_gone_and_leaves_uploads_alone(
    new_client: FlaskClient, new_url: str, root: Path, uploads: Path
) -> None:
    names = fill(root, 9)
    finished(new_client, start(new_client))
    (upload,) = add(new_client, image(100))["items"]
    for name in names[:2]:
        (root / name).unlink()
    assert counts(finished(new_client, start(new_client))) == {"unchanged": 7}
    assert len(listed(new_client)) == 10
    job = finished(new_client, start(new_client, prune=True))
    assert (job["prune"], counts(job), job["done"]) == (True, {"unchanged": 7, "pruned": 2}, 7)
    assert set(records_in(new_url)) == {*names[2:], upload["file_path"]}
    assert uploaded_files(uploads) == {upload["file_path"]}


def test_an_upload_folder_below_the_image_root_is_not_indexed(
    make_client: MakeClient, new_url: str, tmp_path: Path
) -> None:
    client = make_client(store_url=new_url, root=tmp_path / "uploads")
    names = fill(tmp_path / "uploads" / "photos", 3)
    (upload,) = add(client, image(100))["items"]
    (tmp_path / "uploads" / "link").symlink_to(tmp_path / "uploads" / ".uploads")
    job = finished(client, start(client, prune=True))
    assert counts(job)["added"] == 3
    assert set(records_in(new_url)) == {f"photos/{name}" for name in names} | {upload["file_path"]}
    for path in (".uploads", "link"):
        assert_failure(client.post("/jobs", json={"path": path}), "bad_parameter")


def test_jobs_are_listed_with_the_newest_first_and_can_be_forgotten(new_client: FlaskClient, root: Path) -> None:
    fill(root, 3)
    assert assert_success(new_client.get("/jobs")) == {"jobs": []}
    ids = [start(new_client, str(number)) for number in range(2)]
    jobs = {id_: finished(new_client, id_) for id_ in ids}
    newest_first = sorted(jobs.values(), key=lambda job: (job["started"], job["id"]), reverse=True)
    assert assert_success(new_client.get("/jobs"))["jobs"] == newest_first
    assert assert_success(new_client.delete(f"/jobs/{ids[0]}")) == jobs[ids[0]]
    assert_failure(new_client.get(f"/jobs/{ids[0]}"), "not_found")
    assert_failure(new_client.delete(f"/jobs/{ids[0]}"), "not_found")
    assert job_at(new_client, ids[1]) == jobs[ids[1]]
    assert len(listed(new_client)) == 2


def test_a_job_goes_into_the_collection_that_it_names(new_client: FlaskClient, root: Path) -> None:
    fill(root, 3)
    detail = assert_failure(new_client.post("/jobs", json={"collection": "other"}), "not_found")
    assert "other" in detail
    assert assert_success(new_client.get("/jobs")) == {"jobs": []}


def test_jobs_outlive_the_service(make_client: MakeClient, new_url: str, root: Path) -> None:
    fill(root, 3)
    before = make_client(store_url=new_url, root=root)
    job = finished(before, start(before))
    after = make_client(store_url=new_url, root=root)
    assert job_at(after, job["id"]) == job
    assert_success(after.delete(f"/jobs/{job['id']}"))
    assert assert_success(make_client(store_url=new_url, root=root).get("/jobs")) == {"jobs": []}


def test_the_name_of_a_folder_may_have_joined_characters(new_client: FlaskClient, new_url: str, root: Path) -> None:
    names = [put(root, f"{name}/1.jpg", image(1)).relative_to(root).as_posix() for name in ("👨‍👩‍👧", "می‌خواهم")]
    for name in names:
        assert finished(new_client, start(new_client, name.partition("/")[0]))["state"] == "done"
    assert sorted(records_in(new_url)) == sorted(names)
