"""Three stages from an image to a vector, each tried alone, and all of them together."""

import numpy as np
import pytest
from PIL import Image

from extractor.embedder import NoFeatures
from extractor.engines.base import Batch, Vectors
from imaging import Limits
from imaging.errors import TooManyPixels
from tests.extractor.dummy import FEATURELESS, MODEL, DummyEngine, dummy_embedder
from tests.images import drawing, encoded

IMAGE = encoded(drawing(90, 60), "PNG")


def test_prepare_gives_the_models_square_of_bytes() -> None:
    embedder = dummy_embedder()
    frame = embedder.prepare(embedder.open(IMAGE))
    assert frame.shape == (32, 32, 3)
    assert frame.dtype == np.uint8


def test_forward_gives_one_row_a_frame_in_their_order() -> None:
    embedder = dummy_embedder()
    one, two = np.zeros((32, 32, 3), np.uint8), np.full((32, 32, 3), 255, np.uint8)
    vectors = embedder.forward([one, two, one])
    assert vectors.shape == (3, MODEL.dim)
    assert vectors.dtype == np.float32
    assert np.array_equal(vectors[0], vectors[2])
    assert not np.allclose(vectors[0], vectors[1])


def test_forward_does_not_change_the_frames() -> None:
    frame = np.full((32, 32, 3), 200, np.uint8)
    dummy_embedder().forward([frame])
    assert (frame == 200).all()


@pytest.mark.parametrize("bad", [0.0, np.nan, np.inf])
def test_finish_refuses_a_vector_that_no_cosine_can_use(bad: float) -> None:
    with pytest.raises(NoFeatures, match="no features"):
        dummy_embedder().finish(np.full(MODEL.dim, bad, np.float32))


@pytest.mark.parametrize("place", [0, MODEL.dim - 1])
def test_finish_refuses_one_bad_number_among_good_ones(place: int) -> None:
    vector = np.ones(MODEL.dim, np.float32)
    vector[place] = np.nan
    with pytest.raises(NoFeatures):
        dummy_embedder().finish(vector)


def test_finish_lets_a_vector_through_as_it_is() -> None:
    vector = np.zeros(MODEL.dim, np.float32)
    vector[3] = -1e-30
    assert dummy_embedder().finish(vector) is vector


def test_embed_cuts_a_long_list_into_batches_and_keeps_the_order() -> None:
    sizes: list[int] = []

    class Counting(DummyEngine):
        def run(self, batch: Batch) -> Vectors:
            sizes.append(len(batch))
            return super().run(batch)

    images = [encoded(drawing(40, 30 + i), "PNG") for i in range(19)]
    together = dummy_embedder(Counting()).embed(images)
    assert sizes == [8, 8, 3]
    assert np.allclose(together, [dummy_embedder().embed([image])[0] for image in images], rtol=1e-5)


def test_embed_raises_the_first_images_error() -> None:
    with pytest.raises(NoFeatures):
        dummy_embedder().embed([IMAGE, encoded(Image.new("RGB", (9, 9), FEATURELESS), "PNG")])
    with pytest.raises(TooManyPixels):
        dummy_embedder(limits=Limits(max_pixels=10)).embed([IMAGE])


def test_a_description_holds_what_the_contract_lists() -> None:
    assert dummy_embedder().describe("/somewhere/on/disk/my.weights.h5") == {
        "name": "dummy",
        "dim": 24,
        "fingerprint": "dummy:d0d0d0d0d0d0d0d0:avg:keras:32:24:float",
        "size": 32,
        "pooling": "avg",
        "preprocessing": "keras",
        "precision": "f32",
        "engine": "openvino",
        "weights": "my.weights.h5",
        "suggestedThreshold": 0.9,
    }
