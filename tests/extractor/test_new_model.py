"""A model is one record: added to the others, it can be named, loaded, served, asked and documented."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from flask.testing import FlaskClient
from pydantic import ValidationError

from extractor.models import MODELS, Model
from extractor.settings import ExtractorSettings
from extractor.weights import find_weights
from extractor.wsgi import create
from tests.answers import assert_success
from tests.docs.expected import model_rows
from tests.extractor.toy_network import KERNEL, toy_model
from tests.images import drawing, encoded
from wire.base64_image import encode_image


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("toy")


@pytest.fixture(scope="module")
def toy(folder: Path) -> Iterator[Model]:
    """The toy model, among the others while this module runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        model = toy_model(folder)
        patch.setitem(cast(dict[str, Model], MODELS), model.name, model)
        patch.setenv("EXTRACTOR_MODEL", model.name)
        patch.setenv("EXTRACTOR_ENGINE", "openvino")
        patch.setenv("EXTRACTOR_CACHE_DIR", str(folder))
        yield model


@pytest.fixture(scope="module")
def client(toy: Model) -> FlaskClient:
    """A client of the service as its settings start it."""
    return create(ExtractorSettings()).test_client()


def test_the_settings_take_its_name(toy: Model) -> None:
    assert ExtractorSettings().model == toy.name


def test_the_settings_name_it_where_another_name_is_refused(toy: Model) -> None:
    with pytest.raises(ValidationError, match=r"one of vgg19, .*, toy, auto"):
        ExtractorSettings(model="vgg")


def test_its_weights_are_found(toy: Model, folder: Path) -> None:
    assert find_weights(toy, "imagenet", folder).path == folder / "toy_weights" / "kernel.npy"


def test_the_service_describes_it(client: FlaskClient) -> None:
    model = assert_success(client.get("/model"))
    assert (model["name"], model["dim"], model["size"], model["pooling"]) == ("toy", 6, 16, "avg")
    assert model["suggestedThreshold"] == 0.5
    assert model["fingerprint"].startswith("toy:")


def test_the_service_gives_the_vectors_of_its_network(client: FlaskClient) -> None:
    image = drawing(16, 16)
    answer = client.post("/calFeatureVector", json={"img": encode_image(encoded(image, "PNG"))})
    expected = ((np.asarray(image, np.float32) - 127) / 128).mean(axis=(0, 1)) @ KERNEL
    np.testing.assert_allclose(assert_success(answer), expected, rtol=1e-4, atol=1e-5)


def test_the_documents_have_a_row_for_it(toy: Model) -> None:
    assert model_rows()[-1] == ["`toy`", "6", "avg", "0.50", "a test"]
