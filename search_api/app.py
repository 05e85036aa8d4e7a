"""Puts the search service together: routes, page, errors, metrics."""

import math
from operator import attrgetter
from typing import Any

from flask import Flask, Response, request

from imaging.errors import ERROR_NAMES
from search_api.access import Forbidden, Unauthorized, WritingGuard
from search_api.api import make_api
from search_api.changes import make_changes
from search_api.extractor_client import ExtractorBusy, ExtractorClient, ExtractorUnavailable, PictureRejected
from search_api.metrics import SearchMetrics
from search_api.openapi import document
from search_api.page import make_page
from search_api.parameters import PageTooDeep
from search_api.pictures import Pictures
from search_api.stores.base import (
    BadQuery,
    ModelMismatch,
    StoreReadOnly,
    StoreTimeout,
    StoreUnavailable,
    ZeroQuery,
)
from search_api.stores.lazy import LazyStore
from serving.failures import ErrorTable
from serving.flask_app import new_app
from wire.base64_picture import BadBase64
from wire.extraction import REQUEST_ID_HEADER, MissingImage
from wire.vectors import BadVector

ERRORS: ErrorTable = {
    **ERROR_NAMES,
    MissingImage: "missing_image",
    BadBase64: "bad_base64",
    BadVector: "bad_parameter",
    BadQuery: "bad_parameter",
    PageTooDeep: "page_too_deep",
    ZeroQuery: "no_features",
    ModelMismatch: "model_mismatch",
    PictureRejected: attrgetter("error"),
    ExtractorBusy: "busy",
    ExtractorUnavailable: "extractor_unavailable",
    StoreUnavailable: "store_unavailable",
    StoreReadOnly: "forbidden",
    StoreTimeout: "store_timeout",
    Unauthorized: "unauthorized",
    Forbidden: "forbidden",
}

_BASE64_GROWTH = 4 / 3
_ROOM_FOR_FIELDS = 2**20


def create_app(
    store: LazyStore,
    extractor: ExtractorClient,
    pictures: Pictures,
    guard: WritingGuard,
    *,
    max_bytes: int,
    max_body_in_flight: int,
    ann_candidates: int,
    cors_origins: str,
) -> Flask:
    """The service around its parts."""
    metrics = SearchMetrics(lambda: _count(store))
    app = new_app(
        __name__,
        ERRORS,
        metrics.registry,
        max_body=int(max_bytes * _BASE64_GROWTH) + _ROOM_FOR_FIELDS,
        max_bytes_in_flight=max_body_in_flight,
        cors_origins=cors_origins.split(","),
        exposed_headers=(REQUEST_ID_HEADER,),
    )
    app.register_blueprint(
        make_api(store, extractor, pictures, metrics, max_bytes=max_bytes, ann_candidates=ann_candidates)
    )
    app.register_blueprint(make_changes(store, guard))
    app.register_blueprint(make_page(store))
    openapi = document()

    @app.get("/openapi.json")
    def openapi_json() -> dict[str, Any]:
        return openapi

    @app.after_request
    def count(answer: Response) -> Response:
        metrics.request(str(request.url_rule or "unknown"), answer.status_code)
        return answer

    return app


def _count(store: LazyStore) -> float:
    try:
        return float(store.get().count())
    except (StoreUnavailable, StoreTimeout):
        return math.nan
