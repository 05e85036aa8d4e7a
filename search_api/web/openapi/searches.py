"""The searches, described."""

from typing import Any

from search_api.search.query import MAX_QUERIES
from search_api.web import parameters
from search_api.web.openapi.schemas import COLLECTION_ERRORS, FILE, TEXT
from search_api.web.response_types import ComparisonData, SearchData
from wire.errors import IMAGE_ERRORS
from wire.openapi import BASE64_IMAGE, Schema, operation, record, schema_of

_ERRORS = (
    "bad_parameter",
    "page_too_deep",
    "unsupported_media_type",
    "image_too_large",
    "no_features",
    "busy",
    *COLLECTION_ERRORS,
)
_EMBEDDING_ERRORS = (*IMAGE_ERRORS, "model_mismatch", "extractor_unavailable")
_VECTOR: Schema = {
    "oneOf": [
        {"type": "array", "items": {"type": "number"}, "minItems": 1},
        {"type": "string", "description": "base64 of little-endian float32 numbers"},
    ]
}


def paths() -> dict[str, Any]:
    """Return the routes that search or compare."""
    by_id = {"id": _one_or_several(TEXT)}
    by_vector = {"vector": _VECTOR}
    return {
        "/searchByImage": {"post": _search_by_image()},
        "/searchById": {"post": _search("Search by indexed images", "id", by_id)},
        "/searchByVector": {"post": _search("Search by a vector", "vector", by_vector, "model_mismatch")},
        "/compare": {"post": _compare()},
    }


def _options(asked_by: str) -> dict[str, Schema]:
    return {row.name: row.schema for row in parameters.SEARCH_PARAMETERS if asked_by in row.asked_by}


def _search_by_image() -> Schema:
    files = {"type": "array", "items": FILE, "minItems": 1, "maxItems": MAX_QUERIES}
    options = _options("image")
    return operation(
        "Search by an uploaded image, or several",
        schema_of(SearchData),
        (*_ERRORS, *_EMBEDDING_ERRORS),
        body=_images(
            record({"file": files, **options}, ["file"]),
            record({"img": _one_or_several(BASE64_IMAGE), **options}, ["img"]),
        ),
    )


def _search(summary: str, asked_by: str, asked: dict[str, Schema], *errors: str) -> Schema:
    body = {"schema": record({**asked, **_options(asked_by)}, list(asked))}
    return operation(
        summary,
        schema_of(SearchData),
        (*_ERRORS, *errors),
        body={"required": True, "content": {"application/json": body}},
    )


def _compare() -> Schema:
    two = {"minItems": 2, "maxItems": 2}
    return operation(
        "Compare two images",
        schema_of(ComparisonData),
        ("bad_parameter", "unsupported_media_type", "busy", *_EMBEDDING_ERRORS),
        body=_images(
            record({"file": {"type": "array", "items": FILE, **two}}),
            record({"imgs": {"type": "array", "items": BASE64_IMAGE, **two}}),
        ),
    )


def _images(as_files: Schema, as_texts: Schema) -> Schema:
    content = {"multipart/form-data": {"schema": as_files}, "application/json": {"schema": as_texts}}
    return {"required": True, "content": content}


def _one_or_several(schema: Schema) -> Schema:
    return {"oneOf": [schema, {"type": "array", "items": schema, "minItems": 1, "maxItems": MAX_QUERIES}]}
