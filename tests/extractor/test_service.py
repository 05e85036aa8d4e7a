"""What the routes do, without HTTP."""

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image

from extractor.batcher import Busy
from extractor.embedder import NoFeatures
from extractor.engines.base import Batch, Vectors
from extractor.metrics import ExtractorMetrics
from extractor.service import ExtractionService, NotReady
from imaging import Box
from imaging.errors import NotAnImage, TruncatedImage
from tests.extractor.dummy import FEATURELESS, DummyEngine, dummy_embedder
from tests.images import drawing, encoded

Make = Callable[..., ExtractionService]
GOOD = [encoded(drawing(30 + 7 * i, 50), "PNG") for i in range(5)]


class Failing(DummyEngine):
    """Runs ``runs`` times, then fails."""

    def __init__(self, runs: int = 0) -> None:
        super().__init__()
        self.runs = runs

    def run(self, batch: Batch) -> Vectors:
        self.runs -= 1
        if self.runs < 0:
            raise MemoryError("no room for activations")
        return super().run(batch)


@pytest.fixture
def make() -> Generator[Make]:
    made: list[ExtractionService] = []

    def extraction(
        engine: DummyEngine | None = None, max_pixels: int = 1_000_000, queue: int = 64
    ) -> ExtractionService:
        made.append(ExtractionService(dummy_embedder(engine), ExtractorMetrics(), max_pixels, queue))
        return made[-1]

    yield extraction
    for one in made:
        one.close()


def test_vectors_come_in_the_order_of_the_images(make: Make) -> None:
    outcomes = make().embed(GOOD, None)
    assert np.allclose(np.array(outcomes), dummy_embedder().embed(GOOD), rtol=1e-5)


def test_a_bad_image_has_its_reason_in_its_place(make: Make) -> None:
    featureless = encoded(Image.new("RGB", (9, 9), FEATURELESS), "PNG")
    first, second, third, last = make().embed([GOOD[0], b"text", featureless, GOOD[1]], None)
    assert isinstance(second, NotAnImage)
    assert isinstance(third, NoFeatures)
    assert isinstance(first, np.ndarray)
    assert isinstance(last, np.ndarray)


def test_the_reason_why_an_image_failed_does_not_keep_its_pixels_in_memory(make: Make) -> None:
    """A trace holds the frames of the functions that failed, and these hold what was decoded."""
    (outcome,) = make().embed([GOOD[0][:80]], None)
    assert isinstance(outcome, TruncatedImage)
    assert outcome.__traceback__ is None
    assert outcome.__context__ is None


def test_bad_images_alone_do_not_reach_the_network(make: Make) -> None:
    (outcome,) = make(Failing()).embed([b"text"], None)
    assert isinstance(outcome, NotAnImage)


def test_the_box_counts_for_every_image(make: Make) -> None:
    extraction = make()
    boxed = extraction.embed(GOOD[:2], Box(0, 0, 0.5, 0.5))
    whole = extraction.embed(GOOD[:2], None)
    assert all(not np.allclose(a, b) for a, b in zip(boxed, whole, strict=True))  # type: ignore[arg-type]


def test_an_image_larger_than_the_whole_semaphore_is_decoded_alone(make: Make) -> None:
    """Otherwise it would wait for ever."""
    extraction = make(max_pixels=1)
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(lambda image: extraction.embed([image], None)[0], GOOD * 4))
    assert all(isinstance(outcome, np.ndarray) for outcome in outcomes)


def test_concurrent_requests_get_their_own_vectors(make: Make) -> None:
    extraction = make()
    wanted = dummy_embedder().embed(GOOD)
    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(lambda i: extraction.embed([GOOD[i % 5]], None)[0], range(200)))
    assert all(np.allclose(outcome, wanted[i % 5], rtol=1e-5) for i, outcome in enumerate(outcomes))  # type: ignore[arg-type]


def test_a_list_longer_than_the_queue_is_taken_when_nothing_waits(make: Make) -> None:
    assert len(make(queue=2).embed(GOOD, None)) == 5


def test_check_runs_the_network(make: Make) -> None:
    extraction = make(Failing(1))
    extraction.check()
    with pytest.raises(NotReady, match="no room for activations"):
        extraction.check()


@pytest.mark.parametrize("number", [0.0, np.nan])
def test_check_refuses_a_network_without_usable_vectors(make: Make, number: float) -> None:
    class Constant(DummyEngine):
        def run(self, batch: Batch) -> Vectors:
            return np.full((len(batch), 24), number, np.float32)

    with pytest.raises(NotReady, match="no features"):
        make(Constant()).check()


def test_check_takes_a_full_queue_for_a_network_that_runs(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    extraction = make()

    def full(_: object) -> Vectors:
        raise Busy("5 images are waiting.")

    monkeypatch.setattr(extraction._batcher, "embed", full)
    extraction.check()


def test_an_error_of_the_network_reaches_the_caller(make: Make) -> None:
    with pytest.raises(MemoryError):
        make(Failing()).embed(GOOD, None)
