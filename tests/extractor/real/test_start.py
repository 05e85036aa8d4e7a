"""How the extractor starts, how it refuses to, and how it comes back."""

from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from tests.answers import assert_sentence, assert_success
from tests.extractor.real.service import extractor, worker_of
from tests.images import drawing, encoded


@pytest.fixture(autouse=True)
def no_web(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service inherits an environment in which nothing can be downloaded."""
    for name in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def refusal(folder: Path, **settings: str) -> str:
    """The sentence on stderr with which the start ends."""
    service = extractor(folder / "extractor.log", {name.upper(): value for name, value in settings.items()})
    assert service.start(wait=False).wait(120) != 0
    log = service.log.read_text()
    assert "Traceback" not in log
    sentences = [line for line in log.splitlines() if "EXTRACTOR_" in line]
    assert len(sentences) == 1, log
    sentence = sentences[0][sentences[0].index(" ERROR ") :].split(maxsplit=2)[2]
    assert_sentence(sentence)
    return sentence


def test_a_missing_weights_file_stops_the_start(tmp_path: Path) -> None:
    assert "/no/such.h5 is not a file" in refusal(tmp_path, weights="/no/such.h5", model="vgg16")


@pytest.mark.parametrize(
    ("model", "name"), [("vgg16", "text.h5"), ("efficientnet_lite0", "text.pth"), ("efficientnet_lite0", "text")]
)
def test_a_file_that_holds_no_weights_stops_the_start(tmp_path: Path, model: str, name: str) -> None:
    (tmp_path / name).write_text("no weights at all, just text\n")
    sentence = refusal(tmp_path, weights=str(tmp_path / name), model=model, cache_dir=str(tmp_path))
    assert f"does not hold weights of {model} without its top" in sentence
    assert not list(tmp_path.rglob("*.xml"))


@pytest.mark.parametrize(
    ("file", "model"), [("vgg16_imagenet_notop", "vgg19"), ("mobilenet_v2_1.0_224_notop", "vgg16")]
)
def test_the_weights_of_another_network_stop_the_start(
    tmp_path: Path, shared: Callable[[str], Path], file: str, model: str
) -> None:
    weights = shared(f"weights/{file}.weights.h5")
    assert f"does not hold weights of {model}" in refusal(
        tmp_path, weights=str(weights), model=model, cache_dir=str(tmp_path)
    )


def test_weights_of_a_wrong_hash_are_never_served(tmp_path: Path) -> None:
    """A file that somebody else put into the cache is fetched again, and without the web that is the end."""
    kept = tmp_path / "weights" / "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5"
    kept.parent.mkdir()
    kept.write_bytes(b"other numbers")
    sentence = refusal(tmp_path, model="vgg19", cache_dir=str(tmp_path))
    assert "The ImageNet weights of vgg19 cannot be downloaded" in sentence
    assert "EXTRACTOR_MODEL=efficientnet_lite0" in sentence


def test_settings_that_do_not_go_together_stop_the_start(tmp_path: Path) -> None:
    assert "EXTRACTOR_PREPROCESSING=legacy is for VGG only" in refusal(tmp_path, preprocessing="legacy")


def test_random_weights_are_served_by_name_only_and_say_so(tmp_path: Path) -> None:
    with extractor(tmp_path / "extractor.log", {"WEIGHTS": "random"}) as service:
        model = assert_success(requests.get(f"{service.url}/model", timeout=30))
    assert model["weights"] == "random"
    assert ":random-seed-0:" in model["fingerprint"]


def test_auto_starts_without_the_web_and_says_which_model_it_took(tmp_path: Path) -> None:
    with extractor(tmp_path / "extractor.log", {"MODEL": "auto", "CACHE_DIR": str(tmp_path)}) as service:
        assert assert_success(requests.get(f"{service.url}/model", timeout=30))["name"] == "efficientnet_lite0"
    notices = [line for line in service.log.read_text().splitlines() if "of vgg19 cannot be downloaded" in line]
    assert len(notices) == 1


def test_a_killed_worker_is_replaced_and_answers_the_same(tmp_path: Path) -> None:
    image = encoded(drawing(200, 150), "PNG")

    def vector(url: str) -> requests.Response:
        return requests.post(f"{url}/calFeatureVectors", files=[("file", ("a.png", image))], timeout=60)

    with extractor(tmp_path / "extractor.log") as service:
        before = assert_success(vector(service.url))
        worker = worker_of(service)
        worker.kill()
        worker.wait(30)
        service.wait_until_ready()
        assert assert_success(vector(service.url)) == before
