"""The search service's OpenAPI document."""

from search_api.web.openapi import changes, jobs, searches
from search_api.web.openapi import images as images
from search_api.web.openapi.schemas import SEEN
from wire.openapi import Schema, health_paths, openapi_document, operation, plain_operation, record


def document() -> Schema:
    """The whole document."""
    return openapi_document(
        "Image search",
        "Finds the indexed images that are like a given one.",
        {
            **searches.paths(),
            "/images": {"get": images.listing(), "post": changes.adding(), "delete": changes.clearing()},
            "/images/{id}": {"get": images.one(), "patch": changes.editing(), "delete": changes.deleting()},
            **images.files(),
            "/collections": {"get": images.collections()},
            **jobs.paths(),
            "/readyz": {
                "get": operation("Whether store and extractor answer", record({"status": {"type": "string"}}), SEEN[1:])
            },
            "/": {"get": plain_operation("The page", "text/html", {"type": "string"})},
            **health_paths(),
        },
        securitySchemes={"key": {"type": "http", "scheme": "bearer"}},
    )
