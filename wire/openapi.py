"""The parts of an OpenAPI document that both services share, and JSON schemas made from the types of answers."""

from typing import Annotated, Any

from pydantic import Field, TypeAdapter

from wire.envelope import Failure, Status
from wire.errors import STATUS

Schema = dict[str, Any]
Count = Annotated[int, Field(ge=0)]  # in types of answers

BOX: Schema = {
    "type": "string",
    "description": "Part of the image as x,y,w,h in fractions of its upright width and height.",
    "example": "0.1,0.1,0.5,0.5",
}
BASE64_IMAGE: Schema = {
    "type": "string",
    "description": "An image's bytes in base64: standard or URL-safe; white space, missing padding and a data: prefix"
    " are accepted.",
}


def schema_of(kind: Any) -> Schema:
    """Return the JSON schema of the JSON that values of type ``kind`` are sent as.

    ``kind`` is made of dataclasses, TypedDicts, Literals, lists, dicts, unions and plain values; ``Annotated[kind,
    pydantic.Field(...)]`` gives a field its description and bounds. Keys that may be absent are ``NotRequired``.
    Definitions are inlined, so a type must not hold itself.
    """
    schema = TypeAdapter(kind).json_schema(mode="serialization")
    return _inlined(schema, schema.pop("$defs", {}))


def _inlined(schema: Schema, definitions: dict[str, Schema]) -> Schema:
    """Return ``schema`` with definitions in the places that refer to them, and without the titles made of names."""
    if "$ref" in schema:
        schema = definitions[schema["$ref"].rpartition("/")[2]] | schema
    inlined: Schema = {}
    for key, value in schema.items():
        if key == "properties":
            inlined[key] = {name: _inlined(field, definitions) for name, field in value.items()}
        elif key in ("anyOf", "oneOf", "allOf", "prefixItems"):
            inlined[key] = [_inlined(part, definitions) for part in value]
        elif key in ("items", "additionalProperties") and isinstance(value, dict):
            inlined[key] = _inlined(value, definitions)
        elif key not in ("title", "$ref"):
            inlined[key] = value
    return inlined


def openapi_document(title: str, description: str, paths: dict[str, Any], **components: Schema) -> Schema:
    """Return an OpenAPI 3.1 document around ``paths``; ``components`` beside the schemas go in as they are."""
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1.0.0", "description": description},
        "paths": paths,
        "components": {"schemas": {"Error": schema_of(Failure)}, **components},
    }


def operation(
    summary: str,
    data: Schema,
    errors: tuple[str, ...],
    *,
    body: Schema | None = None,
    parameters: list[Schema] | None = None,
) -> Schema:
    """Return an operation that answers the envelope around ``data``, or one of ``errors``."""
    item: Schema = {"summary": summary, "responses": {"200": json_answer("Done.", success_schema(data))}}
    for status in sorted({STATUS[name] for name in (*errors, "internal")}):
        names = ", ".join(name for name in (*errors, "internal") if STATUS[name] == status)
        item["responses"][str(status)] = json_answer(names, {"$ref": "#/components/schemas/Error"})
    if body is not None:
        item["requestBody"] = body
    if parameters:
        item["parameters"] = parameters
    return item


def plain_operation(summary: str, media_type: str, schema: Schema, errors: tuple[str, ...] = ()) -> Schema:
    """Return an operation that answers ``schema`` as ``media_type``, without the envelope."""
    item = operation(summary, {}, errors)
    item["responses"]["200"] = {"description": "Done.", "content": {media_type: {"schema": schema}}}
    return item


def success_schema(data: Schema) -> Schema:
    """Return the schema of the envelope around ``data``."""
    return {
        "type": "object",
        "required": ["code", "msg", "data"],
        "properties": {"code": {"const": 200}, "msg": {"type": "string"}, "data": data},
    }


def json_answer(description: str, schema: Schema) -> Schema:
    """Return an entry of ``responses`` whose body is JSON."""
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def record(properties: dict[str, Schema], required: list[str] | None = None) -> Schema:
    """Return the schema of an object; every property is required unless ``required`` says otherwise."""
    return {"type": "object", "required": list(properties) if required is None else required, "properties": properties}


def health_paths() -> dict[str, Any]:
    """Return the paths of the routes that every service has."""
    return {
        "/healthz": {"get": operation("Whether the process answers", schema_of(Status), ())},
        "/metrics": {"get": plain_operation("Prometheus metrics", "text/plain", {"type": "string"})},
        "/openapi.json": {"get": plain_operation("This document", "application/json", {"type": "object"})},
    }
