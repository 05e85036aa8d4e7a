"""The search service's OpenAPI document."""

from typing import Any

from search_api.parameters import DEFAULT_PAGE_SIZE, DEFAULT_SCORE, MAX_PAGE_SIZE
from search_api.stores.base import MODES
from wire.errors import PICTURE_ERRORS
from wire.openapi import (
    BASE64_PICTURE,
    BOX,
    Schema,
    health_paths,
    openapi_document,
    operation,
    plain_operation,
    record,
)

_PARAMETERS: dict[str, Schema] = {
    "score": {"type": "number", "minimum": -1, "maximum": 1, "default": DEFAULT_SCORE, "description": "Least cosine."},
    "distance": {"type": "number", "minimum": 0, "description": "Largest squared distance (collections of metric l2)."},
    "page": {"type": "integer", "minimum": 1, "default": 1},
    "pageSize": {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": DEFAULT_PAGE_SIZE},
    "filter": {"type": "object", "description": 'Metadata that must match: {"key": value or [values]}.'},
    "mode": {"type": "string", "enum": list(MODES), "default": MODES[0]},
    "includeVector": {"type": "boolean", "default": False},
}
_SEARCH_ERRORS = (
    "bad_parameter",
    "page_too_deep",
    "unsupported_media_type",
    "image_too_large",
    "no_features",
    "busy",
    "store_unavailable",
    "store_timeout",
)
_METADATA: Schema = {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean"]}}
_ID_IN_PATH: list[Schema] = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
_VECTOR: Schema = {
    "oneOf": [
        {"type": "array", "items": {"type": "number"}, "minItems": 1},
        {"type": "string", "description": "base64 of little-endian float32 numbers"},
    ]
}


def document() -> Schema:
    """The whole document."""
    jpeg = {"type": "string", "format": "binary"}
    seen = ("not_found", "store_unavailable", "store_timeout")
    return openapi_document(
        "Image search",
        "Finds the indexed pictures that are like a given one.",
        {
            "/searchByImage": {"post": _search_by_image()},
            "/searchById": {"post": _search("What is like an indexed picture", "id", {"type": "string"}, "not_found")},
            "/searchByVector": {"post": _search("What is near a vector", "vector", _VECTOR, "model_mismatch")},
            "/images/{id}": {
                "get": operation("The record of a picture", _record(), seen, parameters=_ID_IN_PATH),
                "delete": _change("Forget a picture; its file stays", seen),
            },
            "/images/{id}/file": {"get": _picture("The picture", "image/*", jpeg, seen)},
            "/images/{id}/thumbnail": {
                "get": _picture("A small upright JPEG", "image/jpeg", jpeg, (*seen, *PICTURE_ERRORS))
            },
            "/readyz": {
                "get": operation(
                    "Whether store and extractor answer",
                    record({"status": {"type": "string"}}),
                    ("store_unavailable", "store_timeout"),
                )
            },
            "/": {"get": plain_operation("The page", "text/html", {"type": "string"})},
            **health_paths(),
        },
        securitySchemes={"key": {"type": "http", "scheme": "bearer"}},
    )


def _search_by_image() -> Schema:
    options = {**_PARAMETERS, "box": BOX}
    as_file = {"file": {"type": "string", "format": "binary"}, **options}
    return operation(
        "What is like an uploaded picture",
        _page(),
        (*_SEARCH_ERRORS, *PICTURE_ERRORS, "model_mismatch", "extractor_unavailable"),
        body={
            "required": True,
            "content": {
                "multipart/form-data": {"schema": record(as_file, ["file"])},
                "application/json": {"schema": record({"img": BASE64_PICTURE, **options}, ["img"])},
            },
        },
    )


def _search(summary: str, name: str, schema: Schema, error: str) -> Schema:
    body = {"schema": record({name: schema, **_PARAMETERS}, [name])}
    return operation(
        summary,
        _page(),
        (*_SEARCH_ERRORS, error),
        body={"required": True, "content": {"application/json": body}},
    )


def _picture(summary: str, media_type: str, schema: Schema, errors: tuple[str, ...]) -> Schema:
    described = plain_operation(summary, media_type, schema, errors)
    described["parameters"] = _ID_IN_PATH
    return described


def _change(summary: str, errors: tuple[str, ...]) -> Schema:
    deleted = record({"deleted": {"type": "integer", "minimum": 1}})
    described = operation(summary, deleted, (*errors, "unauthorized", "forbidden"), parameters=_ID_IN_PATH)
    return {**described, "security": [{}, {"key": []}]}


def _record() -> Schema:
    texts = ("id", "file_path", "sha256")
    return record({**{name: {"type": "string"} for name in texts}, "metadata": _METADATA})


def _page() -> Schema:
    hit: dict[str, Any] = {
        "id": {"type": "string"},
        "file_path": {"type": "string"},
        "score": {"type": "number", "minimum": -1, "maximum": 1},
        "distance": {"type": "number", "minimum": 0},
        "metadata": _METADATA,
        "feature_vector": {"type": "array", "items": {"type": "number"}},
    }
    return record(
        {
            "dataList": {"type": "array", "items": record(hit, ["id", "file_path", "metadata"])},
            "total": {"type": "integer", "minimum": 0},
            "totalRelation": {"type": "string", "enum": ["eq", "gte"]},
            "page": {"type": "integer"},
            "pageSize": {"type": "integer"},
            "took": {"type": "object", "additionalProperties": {"type": "number"}},
        }
    )
