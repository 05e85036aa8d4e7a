"""The shared acceptance checks, and every photo of two sets finding itself: real services with a real VGG."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.extractor.real.service import extractor
from tests.paths import ROOT
from tests.search_api.real_services import Pair, make_pair
from tests.servers.process import Service

Shared = Callable[[str], Path]


@pytest.fixture(scope="module")
def vgg(shared: Shared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    settings = {"MODEL": "vgg16", "WEIGHTS": str(shared("weights/vgg16_imagenet_notop.weights.h5"))}
    with extractor(tmp_path_factory.mktemp("vgg") / "log", settings) as service:
        yield service


@pytest.fixture(scope="module")
def clothing(vgg: Service, shared: Shared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """150 photos of clothes."""
    pair = make_pair(vgg, shared("data"), tmp_path_factory.mktemp("clothing"))
    done = pair.ingest(shared("data/clothing"))
    assert (done.code, done.counts) == (0, {"added": 150, "not images": 1})
    with pair.search:
        yield pair


@pytest.fixture(scope="module")
def both(clothing: Pair, shared: Shared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """The same and 144 photos of shelves in one collection; the clothes are not embedded again."""
    pair = make_pair(clothing.extractor, clothing.root, tmp_path_factory.mktemp("both"))
    _copy(clothing.store, pair.store)
    done = pair.ingest(shared("data/grocery/shelf"))
    assert (done.code, done.counts) == (0, {"added": 144})
    with pair.search:
        yield pair


def _copy(source: str, target: str) -> None:
    """Copy one file of the embedded store to another."""
    origin, copy = (sqlite3.connect(url.removeprefix("embedded://")) for url in (source, target))
    origin.backup(copy)
    origin.close()
    copy.close()


@pytest.mark.parametrize("part", ["extractor", "search_api"])
def test_the_acceptance_checks_hold(clothing: Pair, shared: Shared, part: str) -> None:
    environment = {
        **os.environ,
        "E": clothing.extractor.url,
        "S": clothing.search.url,
        "PICTURES": f"{shared('data/clothing')}/**/*.jpg",
        "DIM": "512",
        "N": "150",
    }
    command = [sys.executable, str(shared("acceptance.py")), part]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_photo_of_both_sets_is_its_own_first_hit(both: Pair) -> None:
    photos = sorted([*both.root.glob("clothing/**/*.jpg"), *both.root.glob("grocery/shelf/**/*.jpg")])
    assert len(photos) == 294
    with ThreadPoolExecutor(4) as pool:
        pages = list(pool.map(lambda photo: both.search_by_image(photo.read_bytes(), score=-1), photos))
    assert {page["total"] for page in pages} == {294}
    for photo, page in zip(photos, pages, strict=True):
        first = page["dataList"][0]
        assert first["score"] > 0.999, photo
        assert (both.root / first["file_path"]).read_bytes() == photo.read_bytes(), photo


def test_a_filter_confines_a_search_to_some_folders(both: Pair) -> None:
    photo = sorted(both.root.glob("clothing/hat/*.jpg"))[0]
    page = both.search_by_image(photo.read_bytes(), score=-1, filter='{"folder": ["clothing/shoes", "clothing/pants"]}')
    assert page["total"] == 30
    assert {Path(hit["file_path"]).parent.name for hit in page["dataList"]} <= {"shoes", "pants"}
