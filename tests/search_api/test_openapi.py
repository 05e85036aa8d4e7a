"""GET /openapi.json says what the service does: schemathesis asks what the document allows, and more."""

import base64
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from schemathesis import GenerationMode

from search_api.stores.base import image_id
from tests.extractor.dummy import MODEL
from tests.ingest.album import picture
from tests.promises import asked
from tests.servers.process import Service

PICTURE = base64.b64encode(picture(7)).decode()
POSTS = ["/searchByImage", "/searchById", "/searchByVector"]
IMAGES = ["/images/{id}", "/images/{id}/file", "/images/{id}/thumbnail"]
DELETES = ["/images/{id}"]
GETS = ["/", "/healthz", "/readyz", "/metrics", "/openapi.json"]


def with_good_values(context: schemathesis.HookContext, body: Any) -> Any:
    """Put a real picture, id or vector in the place of every other one, so that good answers are looked at too."""
    if not isinstance(body, dict):
        return body
    good = {"img": PICTURE, "id": image_id("1/0007.jpg"), "vector": [1.0] * MODEL.dim, "file": picture(7)}
    return {name: good[name] if name in good and len(str(value)) % 2 else value for name, value in body.items()}


def with_known_ids(context: schemathesis.HookContext, path_parameters: Any) -> Any:
    """Put a known id in the place of every other one."""
    if isinstance(path_parameters, dict) and len(str(path_parameters.get("id"))) % 2:
        return {**path_parameters, "id": image_id("1/0007.jpg")}
    return path_parameters


def statuses(service: Service, method: str, path: str, mode: GenerationMode) -> set[int]:
    """Ask ``path`` many things, hold every answer against the document, and say which statuses came."""
    schema = schemathesis.openapi.from_url(f"{service.url}/openapi.json")
    schema.hooks.register_hook_with_name(with_good_values, "map_body")
    if method == "GET":  # the pictures of this service are not to be changed
        schema.hooks.register_hook_with_name(with_known_ids, "map_path_parameters")
    return asked(schema, method, path, mode)


@pytest.mark.parametrize("path", POSTS)
def test_a_search_keeps_its_promise_for_requests_that_fit(service: Service, path: str) -> None:
    assert 200 in statuses(service, "POST", path, GenerationMode.POSITIVE)


@pytest.mark.parametrize("path", POSTS)
def test_a_search_keeps_its_promise_for_requests_that_do_not_fit(service: Service, path: str) -> None:
    assert 400 in statuses(service, "POST", path, GenerationMode.NEGATIVE)


@pytest.mark.parametrize("path", IMAGES)
def test_a_picture_keeps_its_promise(service: Service, path: str) -> None:
    assert statuses(service, "GET", path, GenerationMode.POSITIVE) == {200, 404}


@pytest.mark.parametrize("path", DELETES)
def test_a_change_keeps_its_promise(service: Service, path: str) -> None:
    assert statuses(service, "DELETE", path, GenerationMode.POSITIVE) == {404}


@pytest.mark.parametrize("path", GETS)
def test_a_reading_route_keeps_its_promise(service: Service, path: str) -> None:
    assert statuses(service, "GET", path, GenerationMode.POSITIVE) == {200}


def test_every_route_of_the_service_is_described_and_asked(client: FlaskClient) -> None:
    described = client.get("/openapi.json").get_json()["paths"]
    asked = {("post", path) for path in POSTS} | {("get", path) for path in IMAGES + GETS}
    asked |= {("delete", path) for path in DELETES}
    assert {(method, path) for path, item in described.items() for method in item} == asked
    rules = {str(rule).replace("<id_>", "{id}") for rule in client.application.url_map.iter_rules()}
    assert rules - {"/static/<path:filename>"} == set(described)
