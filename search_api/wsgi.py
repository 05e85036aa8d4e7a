"""Entry point of the search service: ``python -m search_api.wsgi``, settings from the environment."""

import logging

from flask import Flask

from search_api.app import create_app, make_services
from search_api.embedding.errors import BadAddress
from search_api.settings import SearchSettings
from search_api.stores.url import BadStoreUrl
from serving.gunicorn import CannotStart, serve
from serving.logs import configure_logs
from serving.settings import read_settings

log = logging.getLogger(__name__)


def create(settings: SearchSettings) -> Flask:
    """Build the app; raises CannotStart."""
    try:
        services = make_services(settings)
    except (BadStoreUrl, BadAddress) as error:
        raise CannotStart(str(error)) from error
    if settings.api_key is None:
        log.info("SEARCH_API_KEY is not set: changes are taken from this machine only.")
    return create_app(
        services, max_body_in_flight=settings.max_body_in_flight, cors_origins=settings.cors_origins.split(",")
    )


def main() -> None:
    settings = read_settings(SearchSettings)
    configure_logs(settings.log_format)
    serve(lambda: create(settings), settings.host, settings.port, settings.threads)


if __name__ == "__main__":
    main()
