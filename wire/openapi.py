"""Pieces of the OpenAPI documents that both services share."""

from typing import Any

from wire.errors import STATUS

Schema = dict[str, Any]

ERROR_SCHEMA: Schema = {
    "type": "object",
    "required": ["code", "msg", "data", "error", "detail", "requestId"],
    "properties": {
        "code": {"type": "integer"},
        "msg": {"type": "string"},
        "data": {"type": "null"},
        "error": {"type": "string", "enum": sorted(STATUS)},
        "detail": {"type": "string"},
        "requestId": {"type": "string"},
    },
}
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


def openapi_document(title: str, description: str, paths: dict[str, Any], **components: Schema) -> Schema:
    """An OpenAPI 3.1 document around ``paths``; ``components`` beside the schemas go in as they are."""
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": "1.0.0", "description": description},
        "paths": paths,
        "components": {"schemas": {"Error": ERROR_SCHEMA}, **components},
    }


def operation(
    summary: str,
    data: Schema,
    errors: tuple[str, ...],
    *,
    body: Schema | None = None,
    parameters: list[Schema] | None = None,
) -> Schema:
    """An operation that answers the envelope around ``data`` or one of ``errors``."""
    described: Schema = {"summary": summary, "responses": {"200": json_answer("Done.", success_schema(data))}}
    for status in sorted({STATUS[name] for name in (*errors, "internal")}):
        names = ", ".join(name for name in (*errors, "internal") if STATUS[name] == status)
        described["responses"][str(status)] = json_answer(names, {"$ref": "#/components/schemas/Error"})
    if body is not None:
        described["requestBody"] = body
    if parameters:
        described["parameters"] = parameters
    return described


def plain_operation(summary: str, media_type: str, schema: Schema, errors: tuple[str, ...] = ()) -> Schema:
    """An operation that answers something else than the envelope."""
    described = operation(summary, {}, errors)
    described["responses"]["200"] = {"description": "Done.", "content": {media_type: {"schema": schema}}}
    return described


def success_schema(data: Schema) -> Schema:
    """The envelope of a 200 answer."""
    return {
        "type": "object",
        "required": ["code", "msg", "data"],
        "properties": {"code": {"const": 200}, "msg": {"type": "string"}, "data": data},
    }


def json_answer(description: str, schema: Schema) -> Schema:
    """One entry of ``responses``."""
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def record(properties: dict[str, Schema], required: list[str] | None = None) -> Schema:
    """An object schema; every property is required unless ``required`` says otherwise."""
    return {"type": "object", "required": list(properties) if required is None else required, "properties": properties}


def health_paths() -> dict[str, Any]:
    """The routes that every service has."""
    status = record({"status": {"type": "string"}})
    return {
        "/healthz": {"get": operation("Whether the process answers", status, ())},
        "/metrics": {"get": plain_operation("Prometheus metrics", "text/plain", {"type": "string"})},
        "/openapi.json": {"get": plain_operation("This document", "application/json", {"type": "object"})},
    }
