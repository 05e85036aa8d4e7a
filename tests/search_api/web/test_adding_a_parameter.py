"""A search parameter is one row: the parser, the OpenAPI document, the documents and the page take it from there."""

from dataclasses import dataclass

import pytest
from flask.testing import FlaskClient

from search_api.search.query import Query
from search_api.web import parameters
from search_api.web.kinds import OneOf
from search_api.web.openapi import document
from search_api.web.parameters import Parameter, page_parameters, parse_query
from serving.errors import BadParameter
from tests.answers import assert_failure
from tests.docs.expected import parameter_rows

TOY = Parameter("mood", OneOf(("calm", "wild")), "calm", "How the image feels.", "mood", asked_by=("image",))


@dataclass(frozen=True)
class ToyQuery(Query):
    """A query that keeps the toy parameter."""

    mood: str = "calm"


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parameters, "SEARCH_PARAMETERS", (*parameters.SEARCH_PARAMETERS, TOY))
    monkeypatch.setattr(parameters, "Query", ToyQuery)


def test_it_is_parsed_and_checked() -> None:
    assert parse_query({"mood": "wild"}, 10) == ToyQuery(candidates=10, mood="wild")
    assert parse_query({}, 10) == ToyQuery(candidates=10)
    with pytest.raises(BadParameter, match="mood is one of calm, wild"):
        parse_query({"mood": "sad"}, 10)


def test_a_wrong_value_is_refused_by_name(client: FlaskClient) -> None:
    answer = client.post("/searchById", json={"id": "x", "mood": "sad"})
    assert "mood" in assert_failure(answer, "bad_parameter")


def test_it_stands_in_the_openapi_document_of_the_searches_that_take_it() -> None:
    content = {
        path: item["post"]["requestBody"]["content"] for path, item in document()["paths"].items() if "search" in path
    }
    takes = {
        (path, media_type): described["schema"]["properties"].get("mood")
        for path, types in content.items()
        for media_type, described in types.items()
    }
    schema = {"type": "string", "enum": ["calm", "wild"], "default": "calm", "description": "How the image feels."}
    assert {key for key, value in takes.items() if value == schema} == {
        ("/searchByImage", "multipart/form-data"),
        ("/searchByImage", "application/json"),
    }
    assert [value for value in takes.values() if value not in (None, schema)] == []


def test_it_has_a_row_in_the_documents_table() -> None:
    assert parameter_rows()[-1] == ["`mood`", "calm", "How the image feels."]


def test_the_page_gets_its_name_kind_and_default() -> None:
    assert page_parameters()[-1] == {"name": "mood", "kind": "string", "default": "calm"}
