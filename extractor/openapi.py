"""The extractor's OpenAPI document."""

from typing import Any

from wire.errors import IMAGE_ERRORS
from wire.extraction import BATCH_ROUTE, MAX_BATCH
from wire.openapi import BASE64_IMAGE, BOX, Schema, health_paths, openapi_document, operation, record
from wire.vectors import ENCODINGS

_SERVICE_ERRORS = ("bad_parameter", "unsupported_media_type", "busy", "not_ready")
_BATCH_ERRORS = ("missing_image", "bad_box", "image_too_large", *_SERVICE_ERRORS)


def document(dim: int) -> Schema:
    """The document of a service whose vectors have ``dim`` numbers."""
    single = {"post": _single(dim)}
    return openapi_document(
        "Image feature extractor",
        "Turns images into vectors of one Keras network.",
        {
            "/imageFeatureVector/calFeatureVector": single,
            "/calFeatureVector": single,
            BATCH_ROUTE: {"post": _batch(dim)},
            "/model": {"get": operation("The model that is served", _model(), ())},
            "/readyz": {
                "get": operation("Whether the model runs", record({"status": {"type": "string"}}), ("not_ready",))
            },
            **health_paths(),
        },
    )


def _numbers(dim: int) -> Schema:
    return {"type": "array", "items": {"type": "number"}, "minItems": dim, "maxItems": dim}


def _single(dim: int) -> Schema:
    fields = record({"img": BASE64_IMAGE, "box": BOX}, ["img"])
    content = {kind: {"schema": fields} for kind in ("application/json", "application/x-www-form-urlencoded")}
    return operation(
        "The vector of one image, as Keras gives it (not normalised)",
        _numbers(dim),
        (*IMAGE_ERRORS, *_SERVICE_ERRORS),
        body={"required": True, "content": content},
    )


def _batch(dim: int) -> Schema:
    encoding = {"type": "string", "enum": list(ENCODINGS), "default": ENCODINGS[0]}
    as_json = {"imgs": {"type": "array", "items": BASE64_IMAGE, "minItems": 1, "maxItems": MAX_BATCH}}
    as_files = {
        "file": {"type": "array", "items": {"type": "string", "format": "binary"}, "minItems": 1, "maxItems": MAX_BATCH}
    }
    options = {"encoding": encoding, "box": BOX}
    packed = {"type": "string", "description": "base64 of little-endian float32 numbers"}
    done = record({"vector": {"oneOf": [_numbers(dim), packed]}})
    failed = record({"error": {"type": "string"}, "detail": {"type": "string"}})
    answer: dict[str, Any] = {
        "model": {"type": "string"},
        "dim": {"const": dim},
        "items": {"type": "array", "items": {"oneOf": [done, failed]}},
    }
    return operation(
        "The vectors of several images, in order; one bad image never fails the others",
        record(answer),
        _BATCH_ERRORS,
        body={
            "required": True,
            "content": {
                "application/json": {"schema": record({**as_json, **options}, ["imgs"])},
                "multipart/form-data": {"schema": record({**as_files, **options}, ["file"])},
            },
        },
    )


def _model() -> Schema:
    texts = ("name", "fingerprint", "pooling", "preprocessing", "precision", "engine", "weights")
    return record(
        {
            **{name: {"type": "string"} for name in texts},
            "dim": {"type": "integer"},
            "size": {"type": "integer"},
            "suggestedThreshold": {"type": "number"},
        }
    )
