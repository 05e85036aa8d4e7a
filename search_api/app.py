"""Puts the search service together: routes, page, errors, metrics."""

import math
from collections.abc import Callable
from operator import attrgetter
from typing import Any

from flask import Flask, Response, request

from imaging.errors import ERROR_NAMES
from search_api.embedding.client import ExtractorBusy, ExtractorClient, ExtractorUnavailable, ImageRejected
from search_api.images.edit import ConfirmMismatch
from search_api.images.thumbnails import ImageFiles
from search_api.images.upload_storage import UploadsNotWritable, UploadStorage
from search_api.ingest.prune import WrongRoot
from search_api.jobs.manager import JobManager
from search_api.jobs.repository import JobRepository
from search_api.jobs.runner import JobRunner
from search_api.stores.base import (
    BadQuery,
    BadRecord,
    ModelMismatch,
    StoreReadOnly,
    StoreTimeout,
    StoreUnavailable,
    ZeroQuery,
)
from search_api.stores.catalogue import Catalogue
from search_api.web.auth import Forbidden, Unauthorized, WritingGuard
from search_api.web.image_routes import make_changes
from search_api.web.job_routes import make_job_routes
from search_api.web.metrics import SearchMetrics
from search_api.web.openapi import document
from search_api.web.page import PageConfig, make_page
from search_api.web.parameters import PageTooDeep
from search_api.web.search_routes import make_api
from serving.error_responses import ErrorTable, detail_of, error_name
from serving.flask_app import new_app
from serving.gunicorn import at_exit
from wire.base64_image import BadBase64
from wire.extraction import REQUEST_ID_HEADER, MissingImage
from wire.vectors import BadVector

ERRORS: ErrorTable = {
    **ERROR_NAMES,
    MissingImage: "missing_image",
    BadBase64: "bad_base64",
    BadVector: "bad_parameter",
    BadQuery: "bad_parameter",
    BadRecord: "bad_parameter",
    PageTooDeep: "page_too_deep",
    ZeroQuery: "no_features",
    ModelMismatch: "model_mismatch",
    WrongRoot: "not_found",
    ImageRejected: attrgetter("error"),
    ExtractorBusy: "busy",
    ExtractorUnavailable: "extractor_unavailable",
    StoreUnavailable: "store_unavailable",
    StoreReadOnly: "forbidden",
    StoreTimeout: "store_timeout",
    UploadsNotWritable: "store_unavailable",
    ConfirmMismatch: "confirm_mismatch",
    Unauthorized: "unauthorized",
    Forbidden: "forbidden",
}

_BASE64_GROWTH = 4 / 3
_ROOM_FOR_FIELDS = 2**20


def create_app(
    catalogue: Catalogue,
    extractor: ExtractorClient,
    images: ImageFiles,
    storage: UploadStorage,
    runner: JobRunner,
    repository: JobRepository,
    guard: WritingGuard,
    *,
    suggested_threshold: Callable[[], float | None],
    max_bytes: int,
    max_files: int,
    max_jobs: int,
    max_streams: int,
    max_body_in_flight: int,
    ann_candidates: int,
    cors_origins: str,
) -> Flask:
    """The service around its parts."""
    metrics = SearchMetrics(lambda: _count(catalogue))
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
        make_api(catalogue, extractor, images, metrics, max_bytes=max_bytes, ann_candidates=ann_candidates)
    )
    app.register_blueprint(
        make_changes(catalogue, extractor, storage, images, guard, max_bytes=max_bytes, max_files=max_files)
    )
    manager = JobManager(runner, repository, _describe_error, max_running=max_jobs)
    at_exit(app, manager.close)
    app.register_blueprint(make_job_routes(manager, catalogue, guard, max_streams=max_streams))
    app.register_blueprint(make_page(catalogue, PageConfig(suggested_threshold, guard.needs_key, max_files, max_bytes)))
    openapi = document()

    @app.get("/openapi.json")
    def openapi_json() -> dict[str, Any]:
        return openapi

    @app.after_request
    def count(answer: Response) -> Response:
        metrics.request(str(request.url_rule or "unknown"), answer.status_code)
        return answer

    return app


def _describe_error(error: Exception) -> tuple[str, str]:
    name = error_name(error, ERRORS)
    return name, detail_of(error, name)


def _count(catalogue: Catalogue) -> float:
    try:
        return float(catalogue.get().count())
    except (StoreUnavailable, StoreTimeout):
        return math.nan
