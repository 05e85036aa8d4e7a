"""Photos through real services into every engine: the same pages and totals come back.

The model here is EfficientNet-Lite0, whose weights any machine has.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from search_api.stores.base import image_id
from tests.extractor.real.service import extractor
from tests.search_api.real_services import Pair, make_pair
from tests.servers.process import Service
from tests.stores.urls import server_urls

Shared = Callable[[str], Path]
THRESHOLDS = (-1, 0.3, 0.5, 0.8, 0.95)
FOLDERS = {"data/clothing": 150, "data/grocery/shelf": 144}
NEAR = 1e-5


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with extractor(tmp_path_factory.mktemp("network") / "log", {"MODEL": "efficientnet_lite0"}) as service:
        yield service


@pytest.fixture(scope="module")
def here(network: Service, shared: Shared, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """All photos in the embedded store."""
    yield from filled(make_pair(network, shared("data"), tmp_path_factory.mktemp("here")), shared)


@pytest.fixture(scope="module")
def in_elasticsearch(
    network: Service, shared: Shared, tmp_path_factory: pytest.TempPathFactory, elasticsearch: str
) -> Iterator[Pair]:
    """All photos in Elasticsearch, by an ingest of its own."""
    with server_urls(f"elasticsearch://{elasticsearch}") as make:
        folder = tmp_path_factory.mktemp("there")
        yield from filled(make_pair(network, shared("data"), folder, make("cosine")), shared)


@pytest.fixture(scope="module")
def in_milvus(
    network: Service, shared: Shared, tmp_path_factory: pytest.TempPathFactory, milvus: str
) -> Iterator[Pair]:
    """All photos in Milvus, by an ingest of its own."""
    with server_urls(f"milvus://{milvus}") as make:
        folder = tmp_path_factory.mktemp("there")
        yield from filled(make_pair(network, shared("data"), folder, make("cosine")), shared)


def filled(pair: Pair, shared: Shared) -> Iterator[Pair]:
    for folder, count in FOLDERS.items():
        done = pair.ingest(shared(folder))
        assert (done.code, done.counts["added"]) == (0, count)
    with pair.search:
        yield pair


def test_every_photo_has_the_same_hits_in_elasticsearch(
    subtests: pytest.Subtests, here: Pair, in_elasticsearch: Pair
) -> None:
    for threshold in THRESHOLDS:
        with subtests.test(threshold=threshold):
            assert_agree(here, in_elasticsearch, threshold)


def test_every_photo_has_the_same_hits_in_milvus(subtests: pytest.Subtests, here: Pair, in_milvus: Pair) -> None:
    for threshold in THRESHOLDS:
        with subtests.test(threshold=threshold):
            assert_agree(here, in_milvus, threshold)


def assert_agree(here: Pair, there: Pair, threshold: float) -> None:
    """Check that every photo has the same pages and totals."""
    paths = [path.relative_to(here.root).as_posix() for path in here.root.rglob("*.jpg")]
    photos = [image_id(path) for path in paths if f"data/{path}".startswith(tuple(FOLDERS))]
    assert len(photos) == sum(FOLDERS.values())

    def both(photo: str) -> list[dict[str, Any]]:
        return [pair.search_by_id(photo, score=threshold, pageSize=20) for pair in (here, there)]

    with ThreadPoolExecutor(4) as pool:
        for ours, theirs in pool.map(both, photos):
            assert (ours["total"], ours["totalRelation"]) == (theirs["total"], theirs["totalRelation"])
            assert_same_page(ours["dataList"], theirs["dataList"])


def assert_same_page(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> None:
    """Check for the same scores and the same order, but for images whose scores are as good as equal."""
    assert [hit["score"] for hit in ours] == pytest.approx([hit["score"] for hit in theirs], abs=NEAR)
    scores = {hit["id"]: hit["score"] for hit in ours}
    for mine, other in zip(ours, theirs, strict=True):
        if mine["id"] != other["id"]:
            assert scores.get(other["id"], ours[-1]["score"]) == pytest.approx(mine["score"], abs=NEAR)
