"""Who may change something: held against every writing route that there is."""

from collections.abc import Iterator, Mapping

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from search_api.stores.base import image_id
from tests.answers import assert_failure, assert_success
from tests.ingest.album import image
from tests.search_api.conftest import MakeClient
from tests.search_api.gallery import COUNT, Gallery
from tests.search_api.images.uploading import listed, post_files
from tests.search_api.jobs.job_watching import finished, start

KEY = "a key with blanks and ü"
WITH_KEY = {"Authorization": f"Bearer {KEY}".encode().decode("latin-1")}
READING_POSTS = {"/searchByImage", "/searchById", "/searchByVector", "/compare"}
WRITING = {
    ("POST", "/images"),
    ("DELETE", "/images"),
    ("PATCH", "/images/<id_>"),
    ("DELETE", "/images/<id_>"),
    ("POST", "/jobs"),
    ("DELETE", "/jobs/<id_>"),
    ("POST", "/jobs/<id_>/cancel"),
    ("POST", "/jobs/<id_>/resume"),
}
FOREIGN: list[Mapping[str, str]] = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://["},
    {"Origin": ""},
    {"Origin": "http://localhost:6006"},
    {"Origin": "http://localhost.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
]
FAR: list[Mapping[str, str]] = [
    {"Host": "photos.example"},
    {"Host": "localhost.example:5005"},
    {"Host": "127.0.0.1.nip.example"},
    {"Host": "0.0.0.0:5005"},
    {"X-Forwarded-For": "127.0.0.1"},
    {"X-Real-IP": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1"},
    {"Via": "1.1 proxy"},
]


def writing_rules(client: FlaskClient) -> set[tuple[str, str]]:
    """Return every method and route of the service that could change something."""
    return {
        (method, str(rule))
        for rule in client.application.url_map.iter_rules()
        for method in rule.methods or ()
        if method not in ("GET", "HEAD", "OPTIONS") and str(rule) not in READING_POSTS
    }


@pytest.fixture
def keyed_client(make_client: MakeClient, own: Gallery) -> FlaskClient:
    return make_client(store_url=own.store_url, root=own.root, api_key=KEY)


def attempts(
    client: FlaskClient, own: Gallery, headers: Mapping[str, str], address: str = "127.0.0.1"
) -> Iterator[TestResponse]:
    """Ask every writing route for something that it would do."""
    job = client.application.test_client().get("/jobs").get_json()["data"]["jobs"][0]["id"]
    environ = {"REMOTE_ADDR": address}
    for method, rule in sorted(writing_rules(client)):
        id_ = job if rule.startswith("/jobs") else image_id(own.names[0])
        route = rule.replace("<id_>", id_)
        if (method, rule) == ("POST", "/images"):
            client.environ_base["REMOTE_ADDR"] = address
            yield post_files(client, [("1.jpg", image(100))], headers=headers)
            continue
        query = {"confirm": COUNT} if (method, rule) == ("DELETE", "/images") else {}
        body = {"PATCH": {"metadata": {"a": 1}}, "POST": {"path": "0"}}.get(method)
        yield client.open(
            route, method=method, json=body, query_string=query, headers=headers, environ_overrides=environ
        )


def assert_refused(client: FlaskClient, own: Gallery, name: str, headers: Mapping[str, str], **where: str) -> None:
    """Check that all writing routes answer ``name`` and that nothing has changed."""
    answers = list(attempts(client, own, headers, **where))
    assert len(answers) == len(WRITING)
    for answer in answers:
        assert_failure(answer, name)
    records = listed(client)
    assert len(records) == COUNT
    assert all(set(record["metadata"]) == {"folder", "bytes"} for record in records)
    assert len(client.get("/jobs").get_json()["data"]["jobs"]) == 1


@pytest.fixture
def with_a_job(own_client: FlaskClient, keyed_client: FlaskClient) -> None:
    """Both services have a job that could be forgotten."""
    finished(own_client, start(own_client, "1"))
    answer = keyed_client.post("/jobs", json={"path": "1"}, headers=WITH_KEY)
    finished(keyed_client, assert_success(answer)["id"])


def test_the_writing_routes_are_these(client: FlaskClient) -> None:
    assert writing_rules(client) == WRITING


@pytest.mark.usefixtures("with_a_job")
def test_pages_of_other_origins_are_refused_with_and_without_a_key(
    subtests: pytest.Subtests, own_client: FlaskClient, keyed_client: FlaskClient, own: Gallery
) -> None:
    for headers in FOREIGN:
        with subtests.test(str(headers)):
            assert_refused(own_client, own, "forbidden", headers)
            assert_refused(keyed_client, own, "forbidden", {**headers, **WITH_KEY})


@pytest.mark.usefixtures("with_a_job")
def test_without_a_key_a_foreign_name_or_a_proxy_is_refused(
    subtests: pytest.Subtests, own_client: FlaskClient, own: Gallery
) -> None:
    for headers in FAR:
        with subtests.test(str(headers)):
            assert_refused(own_client, own, "forbidden", headers)


@pytest.mark.usefixtures("with_a_job")
def test_without_a_key_other_machines_may_only_read(
    subtests: pytest.Subtests, own_client: FlaskClient, own: Gallery
) -> None:
    for address in ["192.0.2.7", "10.0.0.1", "2001:db8::1", ""]:
        with subtests.test(address):
            assert_refused(own_client, own, "forbidden", {}, address=address)


@pytest.mark.usefixtures("with_a_job")
def test_with_a_key_set_changes_need_it(subtests: pytest.Subtests, keyed_client: FlaskClient, own: Gallery) -> None:
    for authorization in [
        None,
        f"Bearer {KEY}x",
        f"Bearer {KEY[:-1]}",
        "Bearer",
        "Bearer ",
        f"Basic {KEY}",
        KEY,
        "Bearer 日本",
    ]:
        with subtests.test(str(authorization)):
            headers = {} if authorization is None else {"Authorization": authorization.encode().decode("latin-1")}
            assert_refused(keyed_client, own, "unauthorized", headers)


@pytest.mark.usefixtures("with_a_job")
def test_with_the_key_every_machine_may_change_under_every_name(keyed_client: FlaskClient, own: Gallery) -> None:
    for answer in attempts(keyed_client, own, {**WITH_KEY, "Host": "photos.example"}, "192.0.2.7"):
        assert answer.status_code not in (401, 403), answer.text
    assert "Bearer" in keyed_client.post("/jobs", json={}).headers["WWW-Authenticate"]


def test_without_a_key_this_machine_may_change_under_its_own_names(
    subtests: pytest.Subtests, own_client: FlaskClient, own: Gallery
) -> None:
    hosts = ("localhost", "localhost:5005", "127.0.0.1:5005", "[::1]:5005", "LOCALHOST")
    for host, name in zip(hosts, own.names, strict=False):
        with subtests.test(host):
            own_page = {"Host": host, "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
            assert_success(own_client.delete(f"/images/{image_id(name)}", headers=own_page))


def test_other_origins_are_not_allowed_to_change_anything(client: FlaskClient) -> None:
    for wanted in ("DELETE", "PATCH"):
        asked = {"Origin": "https://other.example", "Access-Control-Request-Method": wanted}
        answer = client.options("/images/0", headers=asked)
        assert wanted not in answer.headers.get("Access-Control-Allow-Methods", "")
