"""Entry point of the search service: ``python -m search_api.wsgi``, settings from the environment."""

import logging

from flask import Flask

from imaging import Limits
from search_api.access import WritingGuard
from search_api.app import create_app
from search_api.extractor_client import BadAddress, ExtractorClient
from search_api.pictures import Pictures
from search_api.settings import SearchSettings
from search_api.stores.lazy import LazyStore
from search_api.stores.url import BadStoreUrl, parse_store_url
from serving.gunicorn import CannotStart, serve
from serving.logs import configure_logs
from serving.settings import read_settings

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
    return create_app(
        LazyStore(settings.store_url),
        extractor,
        Pictures(settings.image_root, settings.cache_dir, Limits(settings.max_bytes, settings.max_pixels)),
        WritingGuard(settings.api_key.get_secret_value() if settings.api_key else None),
        max_bytes=settings.max_bytes,
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
