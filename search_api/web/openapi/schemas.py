"""What several of the routes' descriptions are made of."""

from collections.abc import Iterable
from typing import Any

from search_api.web.parameters import COLLECTION, FILTER, Parameter
from search_api.web.response_types import MetadataObject
from wire.openapi import Schema, operation, schema_of

COLLECTION_ERRORS = ("not_found", "store_unavailable", "store_timeout")  # wherever a collection is looked into

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
METADATA: Schema = schema_of(MetadataObject)
FILE: Schema = {"type": "string", "format": "binary"}
ID_IN_PATH: Schema = {"name": "id", "in": "path", "required": True, "schema": TEXT}


def in_query(name: str, schema: Schema, *, required: bool = False) -> Schema:
    """Return a parameter of the query string."""
    return {"name": name, "in": "query", "required": required, "schema": schema}


def rows_in_query(rows: Iterable[Parameter]) -> list[Schema]:
    """Return ``rows`` as parameters of the query string; the filter is JSON there."""
    return [
        {"name": row.name, "in": "query", "content": {"application/json": {"schema": row.schema}}}
        if row is FILTER
        else in_query(row.name, row.schema)
        for row in rows
    ]


OF_COLLECTION = in_query(COLLECTION.name, COLLECTION.schema)


def change(summary: str, data: Any, errors: tuple[str, ...], **parts: Any) -> Schema:
    """Return an operation that changes something: with the key, or from this machine."""
    described = operation(summary, data, (*errors, "unauthorized", "forbidden"), **parts)
    return {**described, "security": [{}, {"key": []}]}
