"""The search service's OpenAPI document: parameters from their table, answers from their types."""

from search_api.web.openapi import changes, images, jobs, page, searches
from search_api.web.response_types import StatusData
from wire.openapi import Schema, health_paths, openapi_document, operation, schema_of


def document() -> Schema:
    """Return the whole document."""
    ready = operation(
        "Whether store and extractor answer",
        schema_of(StatusData),
        ("store_unavailable", "store_timeout", "extractor_unavailable"),
    )
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
            "/readyz": {"get": ready},
            **page.paths(),
            **health_paths(),
        },
        securitySchemes={"key": {"type": "http", "scheme": "bearer"}},
    )
