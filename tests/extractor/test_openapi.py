"""GET /openapi.json says what the service does: schemathesis asks it everything the document allows, and more."""

import base64
from typing import Any

import pytest
import schemathesis
from flask.testing import FlaskClient
from hypothesis import given, settings
from schemathesis import GenerationMode
from schemathesis.checks import negative_data_rejection, positive_data_acceptance

from tests.extractor.conftest import Serve
from tests.extractor.dummy import MODEL
from tests.pictures import drawing, encoded

PICTURE = base64.b64encode(encoded(drawing(20, 20), "PNG")).decode()
ROUTES = [
    ("POST", "/imageFeatureVector/calFeatureVector"),
    ("POST", "/calFeatureVector"),
    ("POST", "/calFeatureVectors"),
    ("GET", "/model"),
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/metrics"),
    ("GET", "/openapi.json"),
]
EXCLUDED = [
    positive_data_acceptance,  # a text that fits the schema is hardly ever a picture
    negative_data_rejection,  # more is taken than promised: a box as a list or null, one text for a list of texts
]


def with_pictures(context: schemathesis.HookContext, body: Any) -> Any:
    """Put a real picture in the place of every other text, so that good answers are looked at too."""
    if isinstance(body, dict) and isinstance(body.get("img"), str):
        return {**body, "img": _often_picture(body["img"])}
    if isinstance(body, dict) and isinstance(body.get("imgs"), list):
        return {**body, "imgs": [_often_picture(text) for text in body["imgs"]]}
    return body


def _often_picture(text: Any) -> Any:
    return PICTURE if isinstance(text, str) and len(text) % 2 else text


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["fitting", "unfitting"])
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_a_route_keeps_what_its_description_promises(
    serve: Serve, method: str, path: str, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_wsgi("/openapi.json", serve().application)
    schema.hooks.register_hook_with_name(with_pictures, "map_body")
    if mode is GenerationMode.NEGATIVE and method == "GET":
        pytest.skip(f"{path} takes nothing that could be wrong")

    @settings(max_examples=30, derandomize=True, deadline=None, database=None)
    @given(schema[path][method].as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        case.call_and_validate(excluded_checks=EXCLUDED)

    ask()


def test_every_route_of_the_contract_is_described_and_asked(client: FlaskClient) -> None:
    described = client.get("/openapi.json").get_json()["paths"]
    assert {(method.upper(), path) for path, item in described.items() for method in item} == set(ROUTES)


def test_the_document_is_no_envelope_and_knows_the_length_of_a_vector(client: FlaskClient) -> None:
    document = client.get("/openapi.json").get_json()
    assert document["openapi"].startswith("3.1")
    answer = document["paths"]["/calFeatureVector"]["post"]["responses"]["200"]["content"]["application/json"]
    assert answer["schema"]["properties"]["data"]["minItems"] == MODEL.dim


def test_every_error_status_is_described_with_its_names(client: FlaskClient) -> None:
    responses = client.get("/openapi.json").get_json()["paths"]["/calFeatureVector"]["post"]["responses"]
    assert set(responses) == {"200", "400", "413", "415", "422", "429", "500", "503"}
    assert "truncated_image" in responses["400"]["description"]
