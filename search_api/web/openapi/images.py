"""The routes that read records, images and collections, described."""

from typing import Any

from search_api.web.openapi.schemas import COLLECTION_ERRORS, FILE, ID_IN_PATH, OF_COLLECTION, rows_in_query
from search_api.web.parameters import LISTING_PARAMETERS
from search_api.web.response_types import CollectionsData, ListingData, RecordData
from wire.errors import IMAGE_ERRORS
from wire.openapi import Schema, operation, plain_operation, schema_of


def listing() -> Schema:
    """Return the description of GET /images."""
    return operation(
        "The records in the order of their ids",
        schema_of(ListingData),
        ("bad_parameter", "page_too_deep", *COLLECTION_ERRORS),
        parameters=rows_in_query(LISTING_PARAMETERS),
    )


def one() -> Schema:
    """Return the description of GET /images/{id}."""
    return operation(
        "The record of an image",
        schema_of(RecordData),
        ("bad_parameter", *COLLECTION_ERRORS),
        parameters=[ID_IN_PATH, OF_COLLECTION],
    )


def files() -> dict[str, Any]:
    """Return the routes of the images themselves."""
    return {
        "/images/{id}/file": {"get": _file("The image", "image/*", ())},
        "/images/{id}/thumbnail": {"get": _file("A small upright JPEG", "image/jpeg", IMAGE_ERRORS)},
    }


def collections() -> Schema:
    """Return the description of GET /collections."""
    summary = "All collections, the default one first"
    return operation(summary, schema_of(CollectionsData), ("store_unavailable", "store_timeout"))


def _file(summary: str, media_type: str, errors: tuple[str, ...]) -> Schema:
    described = plain_operation(summary, media_type, FILE, ("bad_parameter", *COLLECTION_ERRORS, *errors))
    described["parameters"] = [ID_IN_PATH, OF_COLLECTION]
    return described
