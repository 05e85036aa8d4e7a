"""Where weights come from, and the sentence when they do not."""

import hashlib
import http.server
import threading
from collections.abc import Generator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from extractor.models import MODELS, Download, Model, Packaged
from extractor.weights import WeightsUnavailable, find_weights
from tests.answers import assert_sentence

CONTENT = b"numbers of a network"
MD5 = "md5:" + hashlib.md5(CONTENT).hexdigest()
SHA256 = hashlib.sha256(CONTENT).hexdigest()
LITE0 = MODELS["efficientnet_lite0"]


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def web(tmp_path: Path) -> Generator[tuple[str, Path]]:
    """The address of a web server and the folder it serves."""
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "vgg.h5").write_bytes(CONTENT)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=folder)) as server:
        threading.Thread(target=server.serve_forever, args=[0.01]).start()
        yield f"http://127.0.0.1:{server.server_port}", folder
        server.shutdown()


def downloaded_from(url: str, checksum: str | None) -> Model:
    return replace(MODELS["vgg19"], weights=Download(url, checksum))


def refusal(model: Model, source: str, cache: Path) -> str:
    """The sentence with which ``source`` is refused."""
    with pytest.raises(WeightsUnavailable) as error:
        find_weights(model, source, cache)
    assert_sentence(str(error.value))
    return str(error.value)


def test_random_weights_come_only_by_name_and_from_no_file(tmp_path: Path) -> None:
    weights = find_weights(LITE0, "random", tmp_path)
    assert (weights.source, weights.path, weights.sha256) == ("random", None, "random-seed-0")


def test_any_other_word_is_a_file_that_has_to_be_there(subtests: pytest.Subtests, tmp_path: Path) -> None:
    for source in ["", "none", "Random", "RANDOM", "missing.h5"]:
        with subtests.test(source=source):
            sentence = refusal(LITE0, str(tmp_path / source) if source else source, tmp_path)
            assert "EXTRACTOR_WEIGHTS=" in sentence
            assert "is not a file" in sentence


def test_a_file_is_taken_with_its_own_hash(tmp_path: Path) -> None:
    path = tmp_path / "mine.weights.h5"
    path.write_bytes(CONTENT)
    assert find_weights(LITE0, str(path), tmp_path).sha256 == SHA256


def test_the_home_folder_may_be_written_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine.h5").write_bytes(CONTENT)
    assert find_weights(LITE0, "~/mine.h5", tmp_path).path == tmp_path / "mine.h5"


def test_packaged_weights_are_those_whose_hash_is_written_down(tmp_path: Path) -> None:
    assert isinstance(LITE0.weights, Packaged)
    assert find_weights(LITE0, "imagenet", tmp_path).sha256 == LITE0.weights.sha256


def test_packaged_weights_of_another_hash_are_refused(tmp_path: Path) -> None:
    assert isinstance(LITE0.weights, Packaged)
    other = replace(LITE0, weights=replace(LITE0.weights, sha256="0" * 64))
    assert "missing or damaged" in refusal(other, "imagenet", tmp_path)


def test_a_package_that_is_not_installed_is_named(tmp_path: Path) -> None:
    absent = replace(LITE0, weights=Packaged("no_such_package_here", "a.pth", "0" * 64))
    assert "no_such_package_here is not installed" in refusal(absent, "imagenet", tmp_path)


@pytest.mark.parametrize("checksum", [MD5, f"sha256:{SHA256}", None])
def test_a_download_is_checked_and_kept(tmp_path: Path, web: tuple[str, Path], checksum: str | None) -> None:
    address, folder = web
    model = downloaded_from(f"{address}/vgg.h5", checksum)
    first = find_weights(model, "imagenet", tmp_path / "cache")
    (folder / "vgg.h5").unlink()
    assert find_weights(model, "imagenet", tmp_path / "cache") == first
    assert (first.path, first.sha256) == (tmp_path / "cache" / "weights" / "vgg.h5", SHA256)


def test_a_download_with_another_checksum_is_refused_and_not_kept(tmp_path: Path, web: tuple[str, Path]) -> None:
    address, folder = web
    (folder / "vgg.h5").write_bytes(b"an error page")
    sentence = refusal(downloaded_from(f"{address}/vgg.h5", MD5), "imagenet", tmp_path / "cache")
    assert "checksum is wrong" in sentence
    assert not list((tmp_path / "cache").rglob("*.h5"))


def test_a_damaged_file_in_the_cache_is_fetched_again(tmp_path: Path, web: tuple[str, Path]) -> None:
    kept = tmp_path / "cache" / "weights" / "vgg.h5"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(CONTENT[:5])
    assert find_weights(downloaded_from(f"{web[0]}/vgg.h5", MD5), "imagenet", tmp_path / "cache").sha256 == SHA256


@pytest.mark.parametrize("path", ["/gone.h5", None])
def test_a_download_that_fails_says_what_else_can_be_done(
    tmp_path: Path, web: tuple[str, Path], path: str | None
) -> None:
    url = f"{web[0]}{path}" if path else "http://127.0.0.1:9/nobody.h5"
    sentence = refusal(downloaded_from(url, MD5), "imagenet", tmp_path / "cache")
    assert "cannot be downloaded" in sentence
    assert all(word in sentence for word in (url, "EXTRACTOR_WEIGHTS", "EXTRACTOR_MODEL=efficientnet_lite0"))


def test_every_model_that_is_downloaded_is_from_keras_own_address() -> None:
    downloads = [model.weights for model in MODELS.values() if isinstance(model.weights, Download)]
    assert len(downloads) == 4
    assert all(
        item.url.startswith("https://storage.googleapis.com/tensorflow/keras-applications/") for item in downloads
    )
