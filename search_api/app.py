"""The search service as a Flask app: its parts made from the settings, its routes, its metrics."""

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Flask

from imaging import Limits
from search_api.embedding.client import PATIENT_SECONDS, ExtractorClient
from search_api.images.paths import ImagePaths
from search_api.images.thumbnails import ImageFiles
from search_api.images.upload_storage import UploadStorage
from search_api.jobs.manager import JobManager
from search_api.jobs.repository import JobRepository
from search_api.jobs.runner import JobRunner
from search_api.settings import SearchSettings
from search_api.stores.base import StoreTimeout, StoreUnavailable
from search_api.stores.catalogue import Catalogue
from search_api.web.auth import WritingGuard
from search_api.web.errors import ERRORS, describe_error
from search_api.web.image_routes import make_image_routes
from search_api.web.job_routes import make_job_routes
from search_api.web.metrics import SearchMetrics
from search_api.web.openapi import document
from search_api.web.page import make_page, suggested_threshold
from search_api.web.search_routes import make_search_routes
from search_api.web.services import RequestLimits, Services
from serving.flask_app import new_app
from serving.gunicorn import at_exit
from wire import envelope
from wire.extraction import REQUEST_ID_HEADER

_BASE64_GROWTH = 4 / 3
_ROOM_FOR_FIELDS = 2**20
_THREADS_A_STREAM = 4  # so many of the threads for one that a stream of events may hold
_PAGE_SECONDS = 1.0  # a page is not to wait for an extractor that is away


def make_services(settings: SearchSettings, *, job_deadline: float = PATIENT_SECONDS) -> Services:
    """Return the parts of the service; raises BadAddress or BadStoreUrl.

    ``job_deadline`` is how many seconds a job waits for an extractor that is away.
    """

    def client(deadline: float) -> ExtractorClient:
        return ExtractorClient(settings.extractor_urls, deadline=deadline)

    catalogue = Catalogue(settings.store_url)
    paths = ImagePaths(settings.image_root, settings.upload_dir)
    runner = JobRunner(catalogue, partial(client, job_deadline), settings.image_root, settings.max_bytes)
    return Services(
        catalogue=catalogue,
        extractor=client(settings.extractor_deadline),
        files=ImageFiles(paths, settings.cache_dir, Limits(settings.max_bytes, settings.max_pixels)),
        storage=UploadStorage(settings.upload_dir, catalogue),
        jobs=JobManager(runner, JobRepository(settings.jobs_dir), describe_error, max_running=settings.max_jobs),
        guard=WritingGuard(settings.api_key.get_secret_value() if settings.api_key else None),
        metrics=SearchMetrics(partial(_count, catalogue)),
        suggested_threshold=partial(suggested_threshold, client(_PAGE_SECONDS)),
        limits=RequestLimits(
            max_bytes=settings.max_bytes,
            max_files=settings.max_files,
            max_streams=max(1, settings.threads // _THREADS_A_STREAM),
            ann_candidates=settings.ann_candidates,
        ),
    )


def create_app(services: Services, *, max_body_in_flight: int, cors_origins: Sequence[str]) -> Flask:
    """Return the service around its parts."""
    app = new_app(
        __name__,
        ERRORS,
        services.metrics.registry,
        max_body=int(services.limits.max_bytes * _BASE64_GROWTH) + _ROOM_FOR_FIELDS,
        max_bytes_in_flight=max_body_in_flight,
        cors_origins=cors_origins,
        exposed_headers=(REQUEST_ID_HEADER,),
    )
    services.metrics.count_requests(app)
    at_exit(app, services.jobs.close)
    for routes in (
        make_search_routes(services),
        make_image_routes(services),
        make_job_routes(services),
        make_page(services),
    ):
        app.register_blueprint(routes)
    _add_service_routes(app, services)
    return app


def _add_service_routes(app: Flask, services: Services) -> None:
    openapi = document()

    @app.get("/readyz")
    def readyz() -> envelope.Envelope:
        services.catalogue.ping()
        services.extractor.ping()
        return envelope.success({"status": "ready"})

    @app.get("/openapi.json")
    def openapi_json() -> dict[str, Any]:
        return openapi


def _count(catalogue: Catalogue) -> float:
    try:
        return float(catalogue.get().count())
    except (StoreUnavailable, StoreTimeout):
        return math.nan
