"""The extractor's app around the dummy network."""

from collections.abc import Callable, Generator

import pytest
from flask.testing import FlaskClient

from extractor.app import create_app
from extractor.metrics import ExtractorMetrics
from extractor.service import ExtractionService
from imaging import FRAMES, Limits, MakeFrame
from tests.extractor.dummy import DummyEngine, dummy_embedder

Serve = Callable[..., FlaskClient]
MAX_BODY = 1 << 20


@pytest.fixture
def serve() -> Generator[Serve]:
    """Makes clients of services on the dummy network; closes them when the test is over."""
    made: list[ExtractionService] = []

    def client(
        engine: DummyEngine | None = None,
        *,
        limits: Limits | None = None,
        queue: int = 64,
        max_body: int = MAX_BODY,
        cors_origins: str = "*",
        make_frame: MakeFrame = FRAMES["keras"],
    ) -> FlaskClient:
        embedder, metrics = dummy_embedder(engine, limits, make_frame), ExtractorMetrics()
        made.append(ExtractionService(embedder, metrics, Limits().max_pixels, queue))
        app = create_app(made[-1], metrics, embedder.describe("imagenet"), max_body=max_body, cors_origins=cors_origins)
        return app.test_client()

    yield client
    for extraction in made:
        extraction.close()


@pytest.fixture
def client(serve: Serve) -> FlaskClient:
    """A client of a service with everything at its default."""
    return serve()
