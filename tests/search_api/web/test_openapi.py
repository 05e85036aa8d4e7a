"""GET /openapi.json says what the service does: schemathesis asks what the document allows, and more."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from flask.testing import FlaskClient
from schemathesis import GenerationMode

from search_api.stores.base import image_id
from tests.answers import assert_success
from tests.extractor.dummy import MODEL
from tests.ingest.album import image
from tests.promises import asked
from tests.search_api.gallery import Gallery
from tests.search_api.jobs.job_watching import job_over, wait_for
from tests.servers.process import Service
from tests.servers.search_service import search_service

IMAGE = base64.b64encode(image(7)).decode()
KNOWN = image_id("1/0007.jpg")
POSTS = ["/searchByImage", "/searchById", "/searchByVector", "/compare"]
IMAGES = ["/images/{id}", "/images/{id}/file", "/images/{id}/thumbnail"]
GETS = ["/", "/page.json", "/healthz", "/readyz", "/metrics", "/openapi.json", "/images", "/collections", "/jobs"]
OF_JOB = ["/jobs/{id}", "/jobs/{id}/events"]
CHANGES = [
    ("POST", "/images"),
    ("PATCH", "/images/{id}"),
    ("DELETE", "/images/{id}"),
    ("POST", "/jobs"),
    ("POST", "/jobs/{id}/cancel"),
    ("POST", "/jobs/{id}/resume"),
    ("DELETE", "/jobs/{id}"),
    ("DELETE", "/images"),
]

TAKE_AN_ID_ALONE = [
    ("DELETE", "/images/{id}"),
    ("POST", "/jobs/{id}/cancel"),
    ("POST", "/jobs/{id}/resume"),
    ("DELETE", "/jobs/{id}"),
]


BODY: dict[str, Any] = {
    "id": [KNOWN] * 2,
    "img": [IMAGE] * 2,
    "imgs": [IMAGE] * 2,
    "file": [image(7)] * 2,
    "name": ["a", "b"],
    "weights": [1.0, 0.5],
    "vector": [1.0] * MODEL.dim,
    "collection": "default",
    "filter": {"folder": "1"},
    "page": 1,
    "path": "1",
}


def statuses(service: Service, method: str, path: str, mode: GenerationMode, id_: str = KNOWN) -> set[int]:
    """Ask ``path`` many things, hold every answer against the document, and return the statuses that came."""
    schema = schemathesis.openapi.from_url(f"{service.url}/openapi.json")
    real = {"body": BODY, "query": {"collection": "default"}, "path_parameters": {"id": id_}}
    return asked(schema, method, path, mode, real)


@pytest.fixture
def own_service(own: Gallery, extractor: Service, tmp_path: Path) -> Iterator[Service]:
    """A service whose images may be changed, with a job that has ended."""
    with search_service(tmp_path, own.store_url, extractor.url, own.root) as running:
        job = assert_success(requests.post(f"{running.url}/jobs", json={"path": ""}, timeout=60))
        wait_for(lambda: job_over(running.url, job["id"]))
        yield running


@pytest.mark.parametrize("path", POSTS)
def test_a_search_keeps_its_promise_for_requests_that_fit(service: Service, path: str) -> None:
    assert 200 in statuses(service, "POST", path, GenerationMode.POSITIVE)


@pytest.mark.parametrize("path", POSTS)
def test_a_search_keeps_its_promise_for_requests_that_do_not_fit(service: Service, path: str) -> None:
    assert 400 in statuses(service, "POST", path, GenerationMode.NEGATIVE)


@pytest.mark.parametrize("path", IMAGES)
def test_an_image_keeps_its_promise(service: Service, path: str) -> None:
    assert {200, 404} <= statuses(service, "GET", path, GenerationMode.POSITIVE) <= {200, 400, 404}


@pytest.mark.parametrize("path", GETS)
def test_a_reading_route_keeps_its_promise(service: Service, path: str) -> None:
    allowed = {200, 400, 404} if path == "/images" else {200}
    assert 200 in statuses(service, "GET", path, GenerationMode.POSITIVE) <= allowed


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_a_change_keeps_its_promise(own_service: Service, method: str, path: str) -> None:
    seen = statuses(own_service, method, path, GenerationMode.POSITIVE)
    if path.startswith("/jobs/"):
        assert seen == {404}
    elif (method, path) == ("DELETE", "/images"):
        assert 409 in seen
    else:
        assert 200 in seen
    assert max(seen) < 500


@pytest.mark.parametrize(("method", "path"), [pair for pair in CHANGES if pair not in TAKE_AN_ID_ALONE])
def test_a_change_keeps_its_promise_for_requests_that_do_not_fit(own_service: Service, method: str, path: str) -> None:
    assert 400 in statuses(own_service, method, path, GenerationMode.NEGATIVE)


@pytest.mark.parametrize("path", OF_JOB)
def test_a_job_keeps_its_promise(own_service: Service, path: str) -> None:
    (job,) = assert_success(requests.get(f"{own_service.url}/jobs", timeout=60))["jobs"]
    assert statuses(own_service, "GET", path, GenerationMode.POSITIVE, job["id"]) == {200, 404}


def test_every_route_of_the_service_is_described_and_asked(client: FlaskClient) -> None:
    described = client.get("/openapi.json").get_json()["paths"]
    asked = {("post", path) for path in POSTS} | {("get", path) for path in IMAGES + GETS + OF_JOB}
    asked |= {(method.lower(), path) for method, path in CHANGES}
    assert {(method, path) for path, item in described.items() for method in item} == asked
    rules = {
        (method.lower(), str(rule).replace("<id_>", "{id}"))
        for rule in client.application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert rules - {("get", "/static/<path:filename>")} == asked
