"""What several of the routes' descriptions are made of."""

from typing import Any

from search_api.images.metadata import MAX_KEYS
from search_api.web.parameters import DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE
from wire.openapi import Schema, operation, record

SEEN = ("not_found", "store_unavailable", "store_timeout")  # wherever a collection is looked into

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
COLLECTION: Schema = {
    "type": "string",
    "pattern": "^[A-Za-z0-9]+([_-][A-Za-z0-9]+)*$",
    "maxLength": 64,
    "description": "Which collection; without it the one that the service's store URL names.",
}
METADATA: Schema = {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}}
_FILTER_VALUE: Schema = {"type": ["string", "number", "boolean"]}
FILTER: Schema = {
    "type": "object",
    "additionalProperties": {"anyOf": [_FILTER_VALUE, {"type": "array", "items": _FILTER_VALUE}]},
    "maxProperties": MAX_KEYS,
    "description": 'Metadata that must match: {"key": value or [values]}.',
}
PAGING: dict[str, Schema] = {
    "page": {"type": "integer", "minimum": 1, "default": 1},
    "pageSize": {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": DEFAULT_PAGE_SIZE},
}
ID_IN_PATH: Schema = {"name": "id", "in": "path", "required": True, "schema": TEXT}


def in_query(name: str, schema: Schema, *, required: bool = False) -> Schema:
    """A parameter of the query string."""
    return {"name": name, "in": "query", "required": required, "schema": schema}


def change(summary: str, data: Schema, errors: tuple[str, ...], **parts: Any) -> Schema:
    """An operation that changes something: with the key, or from this machine."""
    described = operation(summary, data, (*errors, "unauthorized", "forbidden"), **parts)
    return {**described, "security": [{}, {"key": []}]}


def record_schema() -> Schema:
    """A record of an image."""
    return record({"id": TEXT, "file_path": TEXT, "sha256": TEXT, "metadata": METADATA})
