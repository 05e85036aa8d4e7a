"""The extractor's OpenAPI document; the schemas of its answers are made from :mod:`extractor.responses`."""

from typing import Annotated, Any, Literal

from pydantic import Field

from extractor.responses import BatchAnswer, ModelDescription, PackedVector
from wire.envelope import Status
from wire.errors import IMAGE_ERRORS
from wire.extraction import BATCH_ROUTE, MAX_BATCH
from wire.openapi import BASE64_IMAGE, BOX, Schema, health_paths, openapi_document, operation, record, schema_of
from wire.vectors import ENCODINGS

_SERVICE_ERRORS = ("bad_parameter", "unsupported_media_type", "busy", "not_ready")
_BATCH_ERRORS = ("missing_image", "bad_box", "image_too_large", *_SERVICE_ERRORS)


def document(dim: int) -> Schema:
    """Return the document of a service whose vectors have ``dim`` numbers."""
    single = {"post": _single(dim)}
    return openapi_document(
        "Image feature extractor",
        "Turns images into vectors of one Keras network.",
        {
            "/imageFeatureVector/calFeatureVector": single,
            "/calFeatureVector": single,
            BATCH_ROUTE: {"post": _batch(dim)},
            "/model": {"get": operation("The model that is served", schema_of(ModelDescription), ())},
            "/readyz": {"get": operation("Whether the model runs", schema_of(Status), ("not_ready",))},
            **health_paths(),
        },
    )


def _numbers(dim: int) -> Any:
    """Return the type of a vector of ``dim`` numbers."""
    return Annotated[list[float], Field(min_length=dim, max_length=dim)]


def _single(dim: int) -> Schema:
    fields = record({"img": BASE64_IMAGE, "box": BOX}, ["img"])
    content = {kind: {"schema": fields} for kind in ("application/json", "application/x-www-form-urlencoded")}
    return operation(
        "The vector of one image, as Keras gives it (not normalised)",
        schema_of(_numbers(dim)),
        (*IMAGE_ERRORS, *_SERVICE_ERRORS),
        body={"required": True, "content": content},
    )


def _batch(dim: int) -> Schema:
    answer: Any = BatchAnswer  # type checkers know no types that are made of a number
    return operation(
        "The vectors of several images, in order; one bad image never fails the others",
        schema_of(answer[_numbers(dim) | PackedVector, Literal[dim]]),
        _BATCH_ERRORS,
        body=_batch_body(),
    )


def _batch_body() -> Schema:
    several = {"type": "array", "minItems": 1, "maxItems": MAX_BATCH}
    options = {"encoding": {"type": "string", "enum": list(ENCODINGS), "default": ENCODINGS[0]}, "box": BOX}
    as_json = record({"imgs": {**several, "items": BASE64_IMAGE}, **options}, ["imgs"])
    as_files = record({"file": {**several, "items": {"type": "string", "format": "binary"}}, **options}, ["file"])
    content = {"application/json": {"schema": as_json}, "multipart/form-data": {"schema": as_files}}
    return {"required": True, "content": content}
