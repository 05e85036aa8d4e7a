"""What reads records, images and collections, described."""

from typing import Any

from search_api.stores.base import METRICS, MODES
from search_api.web.openapi.schemas import (
    COLLECTION,
    COUNT,
    FILTER,
    ID_IN_PATH,
    PAGING,
    SEEN,
    TEXT,
    in_query,
    record_schema,
)
from wire.errors import IMAGE_ERRORS
from wire.openapi import Schema, operation, plain_operation, record

_OF_COLLECTION = in_query("collection", COLLECTION)


def listing() -> Schema:
    """GET /images."""
    data = {
        "dataList": {"type": "array", "items": record_schema()},
        "total": COUNT,
        "page": COUNT,
        "pageSize": COUNT,
        "next": {"type": ["string", "null"], "description": "What to go on after; null at the end."},
    }
    return operation(
        "The records in the order of their ids",
        record(data),
        ("bad_parameter", "page_too_deep", *SEEN),
        parameters=[
            *(in_query(name, schema) for name, schema in PAGING.items()),
            {"name": "filter", "in": "query", "content": {"application/json": {"schema": FILTER}}},
            in_query("after", TEXT),
            _OF_COLLECTION,
        ],
    )


def one() -> Schema:
    """GET /images/{id}."""
    return operation(
        "The record of an image", record_schema(), ("bad_parameter", *SEEN), parameters=[ID_IN_PATH, _OF_COLLECTION]
    )


def files() -> dict[str, Any]:
    """The images themselves."""
    return {
        "/images/{id}/file": {"get": _image("The image", "image/*", ())},
        "/images/{id}/thumbnail": {"get": _image("A small upright JPEG", "image/jpeg", IMAGE_ERRORS)},
    }


def collections() -> Schema:
    """GET /collections."""
    summary = {
        "name": TEXT,
        "images": COUNT,
        "fingerprint": {"type": ["string", "null"]},
        "metric": {"enum": [*METRICS, None]},
        "dim": {"type": ["integer", "null"]},
        "modes": {"type": "array", "items": {"enum": [*MODES]}},
    }
    data = record({"collections": {"type": "array", "items": record(summary)}})
    return operation("All collections, the default one first", data, SEEN[1:])


def _image(summary: str, media_type: str, errors: tuple[str, ...]) -> Schema:
    schema = {"type": "string", "format": "binary"}
    described = plain_operation(summary, media_type, schema, ("bad_parameter", *SEEN, *errors))
    described["parameters"] = [ID_IN_PATH, _OF_COLLECTION]
    return described
