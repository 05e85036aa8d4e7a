"""The routes that change images, described."""

from search_api.web.openapi.schemas import (
    COLLECTION_ERRORS,
    COUNT,
    FILE,
    ID_IN_PATH,
    METADATA,
    OF_COLLECTION,
    TEXT,
    change,
    in_query,
)
from search_api.web.parameters import COLLECTION
from search_api.web.response_types import AddedData, DeletedData, RecordData
from wire.errors import IMAGE_ERRORS
from wire.extraction import MAX_BATCH
from wire.openapi import Schema, record, schema_of

_ADDING_ERRORS = (
    "bad_parameter",
    "unsupported_media_type",
    "busy",
    *IMAGE_ERRORS,
    "model_mismatch",
    "extractor_unavailable",
    *COLLECTION_ERRORS,
)


def adding() -> Schema:
    """Return the description of POST /images."""
    names: Schema = {"type": "array", "items": TEXT, "description": "What to call each file, if not by its own name."}
    files: Schema = {"type": "array", "items": FILE, "minItems": 1, "maxItems": MAX_BATCH}
    fields = {"file": files, "name": names, "metadata": METADATA, COLLECTION.name: COLLECTION.schema}
    return change(
        "Add images; of several a refused one costs the others nothing",
        schema_of(AddedData),
        _ADDING_ERRORS,
        body={"required": True, "content": {"multipart/form-data": {"schema": record(fields, ["file"])}}},
    )


def editing() -> Schema:
    """Return the description of PATCH /images/{id}."""
    values: Schema = {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null"]}}
    fields = {"metadata": {**values, "minProperties": 1}, COLLECTION.name: COLLECTION.schema}
    return change(
        "Change an image's metadata; null removes a key",
        schema_of(RecordData),
        ("bad_parameter", "unsupported_media_type", "image_too_large", "busy", *COLLECTION_ERRORS),
        parameters=[ID_IN_PATH],
        body={"required": True, "content": {"application/json": {"schema": record(fields, ["metadata"])}}},
    )


def deleting() -> Schema:
    """Return the description of DELETE /images/{id}."""
    return change(
        "Delete an image; its file goes too where it was uploaded",
        schema_of(DeletedData),
        ("bad_parameter", *COLLECTION_ERRORS),
        parameters=[ID_IN_PATH, OF_COLLECTION],
    )


def clearing() -> Schema:
    """Return the description of DELETE /images."""
    return change(
        "Delete all images of a collection",
        schema_of(DeletedData),
        ("bad_parameter", "confirm_mismatch", *COLLECTION_ERRORS),
        parameters=[in_query("confirm", COUNT, required=True), OF_COLLECTION],
    )
