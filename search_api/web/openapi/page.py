"""The routes of the page, described."""

from typing import Any

from search_api.web.openapi.schemas import OF_COLLECTION
from search_api.web.response_types import PageConfigData
from wire.openapi import operation, plain_operation, schema_of


def paths() -> dict[str, Any]:
    """Return the routes of the page."""
    config = operation(
        "The page's config for a collection", schema_of(PageConfigData), ("bad_parameter",), parameters=[OF_COLLECTION]
    )
    return {
        "/": {"get": plain_operation("The page", "text/html", {"type": "string"})},
        "/page.json": {"get": config},
    }
