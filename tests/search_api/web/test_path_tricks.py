"""Names that try to lead out of the folders: none is followed, whichever route it is sent to."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.answers import assert_success
from tests.ingest.album import fill, image, put
from tests.search_api.conftest import MakeClient
from tests.search_api.gallery import records_in
from tests.search_api.images.uploading import listed, post_files, uploaded_files
from tests.search_api.jobs.job_watching import finished, start
from tests.search_api.search.searching import paths, search

CANARY = image(999)
TRICKS = {
    "up": "..",
    "up and down": "../secret",
    "down and up": "0/../../secret",
    "absolute": "{tmp}/secret",
    "the disk": "/",
    "etc": "/etc",
    "doubled": "//{tmp}/secret",
    "backslashes": "..\\secret",
    "a drive": "C:\\secret",
    "a share": "\\\\server\\secret",
    "a URL": "file://{tmp}/secret",
    "encoded": "%2e%2e%2fsecret",
    "encoded twice": "%252e%252e%252fsecret",
    "overlong": "\u2025/secret",
    "full width": "\uff0e\uff0e\uff0fsecret",
    "NUL": "0\0/../../secret",
    "newline": "0\n",
    "a terminal's": "\x1b[2J",
    "turned": "\u202esecret",
    "home": "~",
    "a variable": "$HOME",
    "hidden": ".git",
    "hidden below": "0/.hidden",
    "uploads": ".uploads",
    "dots": "...",
    "a link": "link",
    "through a link": "link/below",
    "a circle": "circle",
    "a file": "0/0000.jpg",
    "long": "a" * 5_000,
    "long parts": "a/" * 3_000,
    "many up": "../" * 500 + "secret",
    "blank": " ",
}


@pytest.fixture
def tricks(tmp_path: Path) -> list[str]:
    return [trick.replace("{tmp}", str(tmp_path)) for trick in TRICKS.values()]


@pytest.fixture
def client(make_client: MakeClient, new_url: str, root: Path, tmp_path: Path) -> Iterator[FlaskClient]:
    """A client of a service with a few images; outside its root is one that must never be read."""
    fill(root, 3)
    put(root, "0/.hidden/canary.jpg", CANARY)
    put(root, ".git/canary.jpg", CANARY)
    put(tmp_path, "secret/below/canary.jpg", CANARY)
    (root / "link").symlink_to(tmp_path / "secret")
    (root / "circle").symlink_to("circle")
    client = make_client(store_url=new_url, root=root)
    finished(client, start(client))
    before = everything(tmp_path)
    yield client
    assert everything(tmp_path) == before
    uploaded_files(tmp_path / "uploads")
    for record in listed(client):
        with client.get(f"/images/{record['id']}/file") as answer:
            assert answer.data != CANARY
    assert paths(search(client, CANARY, score=0.999)) == []
    assert [path for path in records_in(new_url) if "canary" in path] == []


def everything(folder: Path) -> set[str]:
    """Return all files below ``folder`` but those that the service should write."""
    own = ("uploads/.uploads/", "jobs/", "cache/", "new.db")
    files = (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())
    return {path for path in files if not path.startswith(own)}


def assert_refused(answers: Iterable[TestResponse], trick: str) -> None:
    """Check that every answer says that it is the client's fault."""
    for answer in answers:
        assert 400 <= answer.status_code < 500, (trick, answer.text)
        answer.close()


def test_a_job_goes_nowhere_else(client: FlaskClient, tricks: list[str]) -> None:
    for trick in tricks:
        fields = {"path": trick}
        ways: list[Any] = [{"json": fields}, {"data": fields}, {"query_string": fields}]
        assert_refused((client.post("/jobs", **way) for way in ways), trick)
    assert len(assert_success(client.get("/jobs"))["jobs"]) == 1


def test_an_id_in_the_url_is_only_looked_up(subtests: pytest.Subtests, client: FlaskClient, tricks: list[str]) -> None:
    for what in ["", "/file", "/thumbnail"]:
        with subtests.test(what):
            for trick in tricks:
                ids = [written for written in (quote(trick, safe=""), quote(trick)) if written.strip("/. ")]
                assert_refused((client.get(f"/images/{id_}{what}", follow_redirects=True) for id_ in ids), trick)


def test_an_id_of_a_change_is_only_looked_up(client: FlaskClient, tricks: list[str]) -> None:
    for trick in tricks:
        route = f"/images/{quote(trick, safe='')}"
        asked: list[Any] = [{"method": "DELETE"}, {"method": "PATCH", "json": {"metadata": {"a": 1}}}]
        assert_refused((client.open(route, follow_redirects=True, **one) for one in asked), trick)
    assert len(listed(client)) == 3


def test_an_id_of_a_job_is_only_looked_up(client: FlaskClient, tricks: list[str]) -> None:
    for trick in set(tricks) - {"/", ".."}:  # what is left of these is another route
        route = f"/jobs/{quote(trick, safe='')}"
        asked = [("GET", ""), ("GET", "/events"), ("POST", "/resume"), ("DELETE", "")]
        assert_refused(
            (client.open(f"{route}{rest}", method=method, follow_redirects=True) for method, rest in asked), trick
        )
    assert len(assert_success(client.get("/jobs"))["jobs"]) == 1


def test_a_collection_is_only_looked_up(client: FlaskClient, tricks: list[str]) -> None:
    for trick in tricks:
        answers = (
            client.get("/images", query_string={"collection": trick}),
            client.post("/searchById", json={"id": "x", "collection": trick}),
            client.post("/jobs", json={"path": "", "collection": trick}),
            post_files(client, [("1.jpg", image(1))], collection=trick),
            client.delete("/images", query_string={"collection": trick, "confirm": 3}),
        )
        assert_refused(answers, trick)


def test_a_file_name_is_only_a_name(client: FlaskClient, tricks: list[str], uploads: Path) -> None:
    for number, trick in enumerate(tricks):
        as_name: dict[str, Any] = {"name": f"{trick}/canary.jpg"} if number % 2 else {}
        answer = post_files(client, [(f"{trick}/canary.jpg", image(100 + number))], **as_name)
        (item,) = assert_success(answer)["items"]
        assert item["file_path"] == f".uploads/{item['sha256'][:2]}/{item['sha256']}.jpg"
        assert "/" not in item["name"]
        assert item["name"].isprintable()
        assert len(item["name"]) <= 255
    assert len(uploaded_files(uploads)) == len(tricks)
