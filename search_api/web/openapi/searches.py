"""The searches, described."""

from typing import Any

from search_api.stores.base import MODES
from search_api.web.openapi.schemas import COLLECTION, COUNT, FILTER, METADATA, PAGING, SEEN, TEXT
from search_api.web.parameters import DEFAULT_SCORE, MAX_QUERIES, MIN_COLLAPSE
from wire.errors import IMAGE_ERRORS
from wire.openapi import BASE64_IMAGE, BOX, Schema, operation, record

_PARAMETERS: dict[str, Schema] = {
    "score": {"type": "number", "minimum": -1, "maximum": 1, "default": DEFAULT_SCORE, "description": "Least cosine."},
    "distance": {"type": "number", "minimum": 0, "description": "Largest squared distance (collections of metric l2)."},
    **PAGING,
    "filter": FILTER,
    "mode": {"type": "string", "enum": list(MODES), "default": MODES[0]},
    "includeVector": {"type": "boolean", "default": False},
    "collapse": {
        "type": "number",
        "minimum": MIN_COLLAPSE,
        "maximum": 1,
        "description": "Fold a hit into a better one when their cosine is at least this.",
    },
    "collection": COLLECTION,
}
_SEVERAL: dict[str, Schema] = {
    "weights": {
        "type": "array",
        "items": {"type": "number"},
        "description": "One for each image; what a negative one is like is avoided.",
    },
    "excludeSelf": {"type": "boolean", "default": False, "description": "Leave the images asked with out."},
}
_ERRORS = (
    "bad_parameter",
    "page_too_deep",
    "unsupported_media_type",
    "image_too_large",
    "no_features",
    "busy",
    *SEEN,
)
_EMBEDDING = (*IMAGE_ERRORS, "model_mismatch", "extractor_unavailable")
_FILE: Schema = {"type": "string", "format": "binary"}
_VECTOR: Schema = {
    "oneOf": [
        {"type": "array", "items": {"type": "number"}, "minItems": 1},
        {"type": "string", "description": "base64 of little-endian float32 numbers"},
    ]
}


def paths() -> dict[str, Any]:
    """The routes that find or compare."""
    id_ = _one_or_several(TEXT)
    return {
        "/searchByImage": {"post": _search_by_image()},
        "/searchById": {"post": _search("What is like an indexed image", {"id": id_}, _SEVERAL)},
        "/searchByVector": {"post": _search("What is near a vector", {"vector": _VECTOR}, {}, "model_mismatch")},
        "/compare": {"post": _compare()},
    }


def _search_by_image() -> Schema:
    options = {**_PARAMETERS, **_SEVERAL, "box": BOX}
    return operation(
        "What is like an uploaded image, or several",
        _page(),
        (*_ERRORS, *_EMBEDDING),
        body=_images(
            record(
                {"file": {"type": "array", "items": _FILE, "minItems": 1, "maxItems": MAX_QUERIES}, **options}, ["file"]
            ),
            record({"img": _one_or_several(BASE64_IMAGE), **options}, ["img"]),
        ),
    )


def _search(summary: str, asked: dict[str, Schema], more: dict[str, Schema], *errors: str) -> Schema:
    body = {"schema": record({**asked, **_PARAMETERS, **more}, list(asked))}
    return operation(
        summary, _page(), (*_ERRORS, *errors), body={"required": True, "content": {"application/json": body}}
    )


def _compare() -> Schema:
    two = {"minItems": 2, "maxItems": 2}
    return operation(
        "How alike two images are",
        record({"score": {"type": "number", "minimum": -1, "maximum": 1}, "model": TEXT}),
        ("bad_parameter", "unsupported_media_type", "busy", *_EMBEDDING),
        body=_images(
            record({"file": {"type": "array", "items": _FILE, **two}}),
            record({"imgs": {"type": "array", "items": BASE64_IMAGE, **two}}),
        ),
    )


def _images(as_files: Schema, as_texts: Schema) -> Schema:
    content = {"multipart/form-data": {"schema": as_files}, "application/json": {"schema": as_texts}}
    return {"required": True, "content": content}


def _one_or_several(schema: Schema) -> Schema:
    return {"oneOf": [schema, {"type": "array", "items": schema, "minItems": 1, "maxItems": MAX_QUERIES}]}


def _page() -> Schema:
    find: dict[str, Schema] = {
        "id": TEXT,
        "file_path": TEXT,
        "score": {"type": "number", "minimum": -1, "maximum": 1},
        "distance": {"type": "number", "minimum": 0},
    }
    hit = {
        **find,
        "metadata": METADATA,
        "feature_vector": {"type": "array", "items": {"type": "number"}},
        "similar": COUNT,
        "collapsed": {"type": "array", "items": record(find, ["id", "file_path"])},
    }
    return record(
        {
            "dataList": {"type": "array", "items": record(hit, ["id", "file_path", "metadata"])},
            "total": COUNT,
            "totalRelation": {"type": "string", "enum": ["eq", "gte"]},
            "page": {"type": "integer"},
            "pageSize": {"type": "integer"},
            "took": {"type": "object", "additionalProperties": {"type": "number"}},
        }
    )
