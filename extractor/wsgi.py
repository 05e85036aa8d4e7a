"""Entry point of the extractor: ``python -m extractor.wsgi``, settings from the environment."""

from flask import Flask

from extractor.app import create_app
from extractor.embedder import Embedder
from extractor.loading import LOAD_ERRORS, embedder_from_settings
from extractor.metrics import ExtractorMetrics
from extractor.service import ExtractionService, NotReady
from extractor.settings import ExtractorSettings
from serving.gunicorn import CannotStart, serve
from serving.logs import configure_logs
from serving.settings import read_settings

_EXTRA_THREADS = 16  # with full queues these answer busy and the health checks


def create(settings: ExtractorSettings) -> Flask:
    """Load the model and return the app around it; raises CannotStart."""
    try:
        embedder = embedder_from_settings(settings)
        return create_around(embedder, settings)
    except (*LOAD_ERRORS, NotReady, OSError) as error:
        raise CannotStart(str(error)) from error


def create_around(embedder: Embedder, settings: ExtractorSettings) -> Flask:
    """Return the app around ``embedder`` after one test pass; raises NotReady."""
    metrics = ExtractorMetrics()
    service = ExtractionService(embedder, metrics, settings.max_pixels, settings.queue)
    service.check()
    return create_app(
        service,
        metrics,
        embedder.describe(settings.weights),
        max_body=settings.max_body,
        cors_origins=settings.cors_origins,
    )


def main() -> None:
    settings = read_settings(ExtractorSettings)
    configure_logs(settings.log_format)
    serve(lambda: create(settings), settings.host, settings.port, 2 * settings.queue + _EXTRA_THREADS)


if __name__ == "__main__":
    main()
