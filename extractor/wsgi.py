"""Entry point of the extractor: ``python -m extractor.wsgi``, settings from the environment."""

from flask import Flask

from extractor.app import create_app
from extractor.loading import LOAD_ERRORS, load_embedder
from extractor.metrics import ExtractorMetrics
from extractor.service import Extraction
from extractor.settings import ExtractorSettings
from imaging import Limits
from serving.gunicorn import CannotStart, serve
from serving.logs import configure_logs

_THREADS_BESIDE_THE_QUEUE = 16  # so that a full queue still leaves some to say busy and to answer health checks


def create(settings: ExtractorSettings) -> Flask:
    """Load the model and build the app around it; raises CannotStart."""
    try:
        embedder = load_embedder(
            model=settings.model,
            weights=settings.weights,
            engine=settings.engine,
            precision=settings.precision,
            pooling=settings.pooling,
            preprocessing=settings.preprocessing,
            limits=Limits(settings.max_bytes, settings.max_pixels),
            cache=settings.cache_dir,
            calibration_folder=settings.calibration,
        )
    except LOAD_ERRORS as error:
        raise CannotStart(str(error)) from error
    metrics = ExtractorMetrics()
    extraction = Extraction(embedder, metrics, settings.max_pixels, settings.queue)
    extraction.check()
    return create_app(
        extraction,
        metrics,
        embedder.describe(settings.weights),
        max_body=settings.max_body,
        cors_origins=settings.cors_origins,
    )


def main() -> None:
    settings = ExtractorSettings()
    configure_logs(settings.log_format)
    serve(lambda: create(settings), settings.host, settings.port, settings.queue + _THREADS_BESIDE_THE_QUEUE)


if __name__ == "__main__":
    main()
