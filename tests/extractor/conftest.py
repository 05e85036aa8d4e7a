"""The extractor's app around the dummy network, and its batcher around one that waits."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask.testing import FlaskClient

from extractor.app import create_app
from extractor.batcher import Batcher
from extractor.metrics import ExtractorMetrics
from extractor.service import ExtractionService
from imaging import FRAMES, Limits, MakeFrame
from tests.extractor.dummy import DummyEngine, dummy_embedder
from tests.extractor.gated_network import GatedNetwork

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


@pytest.fixture
def network() -> GatedNetwork:
    """A network that waits while its gate is shut."""
    return GatedNetwork()


@pytest.fixture
def batcher(network: GatedNetwork) -> Generator[Batcher]:
    """Passes of at most 4 frames, queues of at most 6."""
    made = Batcher(network.forward, 4, 6, lambda *_: None)
    yield made
    network.gate.set()
    made.close()


@pytest.fixture
def pool() -> Generator[ThreadPoolExecutor]:
    """Clients."""
    with ThreadPoolExecutor(16) as made:
        yield made
