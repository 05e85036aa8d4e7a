"""Networks are converted once, and a damaged conversion heals by itself."""

from pathlib import Path

import pytest

from extractor.embedder import Embedder
from extractor.loading import load_embedder
from extractor.weights import WeightsUnavailable
from imaging import Limits
from tests.extractor.real.networks import cosines, on_openvino
from tests.images import drawing, encoded

IMAGE = encoded(drawing(300, 200), "PNG")


def load(cache: Path, weights: str = "imagenet") -> Embedder:
    return load_embedder(
        model="efficientnet_lite0",
        weights=weights,
        engine="openvino",
        precision="f32",
        pooling=None,
        preprocessing="keras",
        limits=Limits(),
        cache=cache,
    )


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache with one converted network in it."""
    folder = tmp_path_factory.mktemp("cache")
    load(folder)
    return folder


def test_a_network_is_converted_once(cache: Path) -> None:
    (network,) = (cache / "networks").iterdir()
    before = {path.name: path.stat().st_mtime_ns for path in network.iterdir()}
    assert set(before) == {"network.xml", "network.bin"}
    assert cosines(load(cache).embed([IMAGE]), on_openvino("efficientnet_lite0").embed([IMAGE])) > 0.99999
    assert {path.name: path.stat().st_mtime_ns for path in network.iterdir()} == before


@pytest.mark.parametrize(("name", "kept"), [("network.xml", 1000), ("network.bin", 1_000_000)])
def test_a_damaged_network_is_converted_again(cache: Path, name: str, kept: int) -> None:
    (file,) = cache.rglob(name)
    whole = file.read_bytes()
    file.write_bytes(whole[:kept])
    assert cosines(load(cache).embed([IMAGE]), on_openvino("efficientnet_lite0").embed([IMAGE])) > 0.99999
    assert file.stat().st_size == len(whole)


def test_what_cannot_be_converted_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "text.pth").write_text("no weights")
    with pytest.raises(WeightsUnavailable, match="does not hold weights"):
        load(tmp_path, str(tmp_path / "text.pth"))
    assert list((tmp_path / "networks").iterdir()) == []
