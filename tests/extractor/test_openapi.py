"""GET /openapi.json says what the service does: schemathesis asks it everything the document allows, and more."""

import base64

import pytest
import schemathesis
from flask.testing import FlaskClient
from schemathesis import GenerationMode

from tests.extractor.dummy import MODEL
from tests.images import drawing, encoded
from tests.promises import asked

IMAGE = base64.b64encode(encoded(drawing(20, 20), "PNG")).decode()
POSTS = ["/imageFeatureVector/calFeatureVector", "/calFeatureVector", "/calFeatureVectors"]
GETS = ["/model", "/healthz", "/readyz", "/metrics", "/openapi.json"]


def statuses(client: FlaskClient, method: str, path: str, mode: GenerationMode) -> set[int]:
    """Ask ``path`` many things, hold every answer against the document, and return the statuses that came."""
    schema = schemathesis.openapi.from_wsgi("/openapi.json", client.application)
    return asked(schema, method, path, mode, {"body": {"img": IMAGE, "imgs": [IMAGE, "AAAA"]}})


@pytest.mark.parametrize("path", POSTS)
def test_a_route_keeps_its_promise_for_requests_that_fit(client: FlaskClient, path: str) -> None:
    assert statuses(client, "POST", path, GenerationMode.POSITIVE) >= {200, 400}


@pytest.mark.parametrize("path", POSTS)
def test_a_route_keeps_its_promise_for_requests_that_do_not_fit(client: FlaskClient, path: str) -> None:
    assert 400 in statuses(client, "POST", path, GenerationMode.NEGATIVE)


@pytest.mark.parametrize("path", GETS)
def test_a_reading_route_keeps_its_promise(client: FlaskClient, path: str) -> None:
    assert statuses(client, "GET", path, GenerationMode.POSITIVE) == {200}


def test_every_route_of_the_contract_is_described_and_asked(client: FlaskClient) -> None:
    described = client.get("/openapi.json").get_json()["paths"]
    asked = {("post", path) for path in POSTS} | {("get", path) for path in GETS}
    assert {(method, path) for path, item in described.items() for method in item} == asked


def test_the_document_is_no_envelope_and_knows_the_length_of_a_vector(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    answer = document["paths"]["/calFeatureVector"]["post"]["responses"]["200"]["content"]["application/json"]
    assert answer["schema"]["properties"]["data"]["minItems"] == MODEL.dim


def test_every_error_status_is_described_with_its_names(client: FlaskClient) -> None:
    responses = client.get("/openapi.json").get_json()["paths"]["/calFeatureVector"]["post"]["responses"]
    assert set(responses) == {"200", "400", "413", "415", "422", "429", "500", "503"}
    assert "truncated_image" in responses["400"]["description"]
