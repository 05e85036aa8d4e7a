"""Entry point of the search service: ``python -m search_api.wsgi``, settings from the environment."""

import logging
from functools import partial

from flask import Flask

from imaging import Limits
from search_api.app import create_app
from search_api.embedding.client import BadAddress, ExtractorClient
from search_api.images.paths import ImagePaths
from search_api.images.thumbnails import ImageFiles
from search_api.images.upload_storage import UploadStorage
from search_api.jobs.repository import JobRepository
from search_api.jobs.runner import JobRunner
from search_api.settings import SearchSettings
from search_api.stores.catalogue import Catalogue
from search_api.stores.url import BadStoreUrl, parse_store_url
from search_api.web.auth import WritingGuard
from search_api.web.page import suggested_threshold
from serving.gunicorn import CannotStart, serve
from serving.logs import configure_logs
from serving.settings import read_settings

_THREADS_A_STREAM = 4  # so many of the threads for one that a stream of events may hold
_JOB_PATIENCE_SECONDS = 600.0  # an extractor that is away for this long is not coming back
_PAGE_PATIENCE_SECONDS = 1.0  # a page is not to wait for an extractor that is away

log = logging.getLogger(__name__)


def create(settings: SearchSettings) -> Flask:
    """Build the app; raises CannotStart."""
    try:
        parse_store_url(settings.store_url)
        extractor = ExtractorClient(settings.extractor_urls, deadline=settings.extractor_deadline)
    except (BadStoreUrl, BadAddress) as error:
        raise CannotStart(str(error)) from error
    if settings.api_key is None:
        log.info("SEARCH_API_KEY is not set: changes are taken from this machine only.")
    catalogue = Catalogue(settings.store_url)
    folders = ImagePaths(settings.image_root, settings.upload_dir)

    def retrying_client() -> ExtractorClient:
        return ExtractorClient(settings.extractor_urls, deadline=_JOB_PATIENCE_SECONDS)

    quick_client = ExtractorClient(settings.extractor_urls, deadline=_PAGE_PATIENCE_SECONDS)
    return create_app(
        catalogue,
        extractor,
        ImageFiles(folders, settings.cache_dir, Limits(settings.max_bytes, settings.max_pixels)),
        UploadStorage(settings.upload_dir, catalogue),
        JobRunner(catalogue, retrying_client, settings.image_root, settings.max_bytes),
        JobRepository(settings.jobs_dir),
        WritingGuard(settings.api_key.get_secret_value() if settings.api_key else None),
        suggested_threshold=partial(suggested_threshold, quick_client),
        max_bytes=settings.max_bytes,
        max_files=settings.max_files,
        max_jobs=settings.max_jobs,
        max_streams=max(1, settings.threads // _THREADS_A_STREAM),
        max_body_in_flight=settings.max_body_in_flight,
        ann_candidates=settings.ann_candidates,
        cors_origins=settings.cors_origins,
    )


def main() -> None:
    settings = read_settings(SearchSettings)
    configure_logs(settings.log_format)
    serve(lambda: create(settings), settings.host, settings.port, settings.threads)


if __name__ == "__main__":
    main()
