"""JSON schemas are made from the types of answers."""

from dataclasses import dataclass
from typing import Annotated, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from wire.openapi import Schema, openapi_document, schema_of


@dataclass(frozen=True)
class Part:
    """A part of a thing."""

    count: Annotated[int, Field(ge=0, description="How many there are.")]
    state: Literal["new", "old"]


class Thing(TypedDict):
    """A thing with a title."""

    title: str
    parts: list[Part]
    first: Annotated[Part, Field(description="The one to begin with.")]
    by_name: dict[str, Part]
    best: NotRequired[Part | None]


PART: Schema = {
    "type": "object",
    "description": "A part of a thing.",
    "required": ["count", "state"],
    "properties": {
        "count": {"type": "integer", "minimum": 0, "description": "How many there are."},
        "state": {"type": "string", "enum": ["new", "old"]},
    },
}


def test_a_schema_is_made_of_dataclasses_and_typed_dicts_wherever_they_stand() -> None:
    assert schema_of(Thing) == {
        "type": "object",
        "description": "A thing with a title.",
        "required": ["title", "parts", "first", "by_name"],
        "properties": {
            "title": {"type": "string"},
            "parts": {"type": "array", "items": PART},
            "first": {**PART, "description": "The one to begin with."},
            "by_name": {"type": "object", "additionalProperties": PART},
            "best": {"anyOf": [PART, {"type": "null"}]},
        },
    }


def test_lists_and_plain_values_have_schemas_too() -> None:
    assert schema_of(list[Part]) == {"type": "array", "items": PART}
    assert schema_of(dict[str, float | None]) == {
        "type": "object",
        "additionalProperties": {"anyOf": [{"type": "number"}, {"type": "null"}]},
    }


def test_the_error_of_a_document_is_what_failures_are_sent_as() -> None:
    error = openapi_document("A service", "", {})["components"]["schemas"]["Error"]
    assert error["required"] == ["code", "msg", "data", "error", "detail", "requestId"]
    assert error["properties"]["data"] == {"type": "null"}
    assert "bad_box" in error["properties"]["error"]["enum"]
