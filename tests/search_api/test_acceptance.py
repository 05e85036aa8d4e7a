"""The shared acceptance checks and the two photo sets, on real services with a real VGG."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from tests.answers import assert_success
from tests.extractor.real.service import extractor
from tests.ingest.command import Done, Ingest
from tests.servers.process import ROOT, Service

Shared = Callable[[str], Path]


@dataclass(frozen=True)
class Pair:
    """Both services around one folder of photos."""

    extractor: Service
    search: Service
    folder: Path
    ingested: Done


@pytest.fixture(scope="module")
def vgg(shared: Shared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    settings = {"MODEL": "vgg16", "WEIGHTS": str(shared("weights/vgg16_imagenet_notop.weights.h5"))}
    with extractor(tmp_path_factory.mktemp("vgg") / "log", settings) as service:
        yield service


def serve(vgg: Service, folder: Path, work: Path) -> tuple[Done, Service]:
    """Ingest ``folder`` over HTTP, and a search service on what came of it, not yet started."""
    store_url = f"embedded://{work}/images.db"
    done = Ingest(store_url, vgg.url).run(folder)
    settings = {"STORE_URL": store_url, "EXTRACTOR_URL": vgg.url, "IMAGE_ROOT": str(folder), "CACHE_DIR": str(work)}
    return done, Service("search_api.wsgi", "SEARCH", settings, work / "log")


@pytest.fixture(scope="module")
def clothing(vgg: Service, shared: Shared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """150 photos of clothes."""
    folder = shared("data/clothing")
    done, service = serve(vgg, folder, tmp_path_factory.mktemp("clothing"))
    with service:
        yield Pair(vgg, service, folder, done)


@pytest.mark.parametrize("part", ["extractor", "search_api"])
def test_the_acceptance_checks_hold(clothing: Pair, shared: Shared, part: str) -> None:
    environment = {
        **os.environ,
        "E": clothing.extractor.url,
        "S": clothing.search.url,
        "PICTURES": f"{clothing.folder}/**/*.jpg",
        "DIM": "512",
        "N": "150",
    }
    command = [sys.executable, str(shared("acceptance.py")), part]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
