"""What changes images, described."""

from search_api.web.openapi.schemas import (
    COLLECTION,
    COUNT,
    ID_IN_PATH,
    METADATA,
    SEEN,
    TEXT,
    change,
    in_query,
    record_schema,
)
from wire.errors import IMAGE_ERRORS
from wire.extraction import MAX_BATCH
from wire.openapi import Schema, record

_OF_COLLECTION = in_query("collection", COLLECTION)


def adding() -> Schema:
    """POST /images."""
    names: Schema = {"type": "array", "items": TEXT, "description": "What to call each file, if not by its own name."}
    files: Schema = {
        "type": "array",
        "items": {"type": "string", "format": "binary"},
        "minItems": 1,
        "maxItems": MAX_BATCH,
    }
    sent = record({"file": files, "name": names, "metadata": METADATA, "collection": COLLECTION}, ["file"])
    item = {
        "name": TEXT,
        "status": {"enum": ["added", "updated"]},
        **record_schema()["properties"],
        "error": TEXT,
        "detail": TEXT,
    }
    data = {"items": {"type": "array", "items": record(item, ["name"])}}
    return change(
        "Add images; of several a refused one costs the others nothing",
        record({**data, **dict.fromkeys(("added", "updated", "failed", "images"), COUNT)}),
        (
            "bad_parameter",
            "unsupported_media_type",
            "busy",
            *IMAGE_ERRORS,
            "model_mismatch",
            "extractor_unavailable",
            *SEEN,
        ),
        body={"required": True, "content": {"multipart/form-data": {"schema": sent}}},
    )


def editing() -> Schema:
    """PATCH /images/{id}."""
    values: Schema = {"type": "object", "additionalProperties": {"type": ["string", "number", "boolean", "null"]}}
    body = {"schema": record({"metadata": {**values, "minProperties": 1}, "collection": COLLECTION}, ["metadata"])}
    return change(
        "Change an image's metadata; null removes a key",
        record_schema(),
        ("bad_parameter", "unsupported_media_type", "image_too_large", "busy", *SEEN),
        parameters=[ID_IN_PATH],
        body={"required": True, "content": {"application/json": body}},
    )


def deleting() -> Schema:
    """DELETE /images/{id}."""
    return change(
        "Forget an image; its file goes too where it was uploaded",
        record({"deleted": COUNT, "images": COUNT}),
        ("bad_parameter", *SEEN),
        parameters=[ID_IN_PATH, _OF_COLLECTION],
    )


def clearing() -> Schema:
    """DELETE /images."""
    return change(
        "Forget all images of a collection",
        record({"deleted": COUNT, "images": COUNT}),
        ("bad_parameter", "confirm_mismatch", *SEEN),
        parameters=[in_query("confirm", COUNT, required=True), _OF_COLLECTION],
    )
