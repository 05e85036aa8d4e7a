"""Elasticsearch is killed or hangs: an ingest is completed by the next, and a running service recovers by itself."""

import secrets
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest
import requests

from search_api.stores import create_store, drop_store, open_store
from search_api.stores.base import image_id
from tests.answers import assert_failure, assert_sentence, assert_success
from tests.extractor.dummy import FINGERPRINT, MODEL
from tests.ingest.album import fill
from tests.ingest.command import Ingest
from tests.ingest.killing import Killer
from tests.ingest.test_killed import assert_complete
from tests.ingest.watching import wait_until
from tests.servers.elasticsearch import RELEASES, Elasticsearch
from tests.servers.meddling_proxy import Asked, MeddlingProxy
from tests.servers.process import Service
from tests.servers.search_service import search_service
from tests.stores.samples import record

_COUNT = 200
_MOMENTS = [(0, 0.5), (1, 1.0), (1, None)]  # bulks before, and how much of the next one has arrived
_SECONDS = 60
_AWAY = ("store_unavailable", "store_timeout")


@pytest.fixture(scope="module", params=list(RELEASES))
def own_server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elasticsearch]:
    with Elasticsearch(request.param, tmp_path_factory.mktemp(f"own_server-{request.param}"), heap="512m") as server:
        yield server


@pytest.fixture
def proxy(own_server: Elasticsearch) -> Iterator[MeddlingProxy]:
    with MeddlingProxy(own_server.address) as proxy:
        yield proxy


@pytest.fixture
def killer(own_server: Elasticsearch, proxy: MeddlingProxy) -> Killer:
    return Killer(own_server, proxy)


def is_bulk(asked: Asked) -> bool:
    return asked.path.split("?")[0].endswith("/_bulk")


def is_search(asked: Asked) -> bool:
    return asked.path.split("?")[0].endswith("/_search")


def ids_in(url: str) -> Counter[str]:
    """Return the ids that are there, counted by their paths."""
    store = open_store(url)
    paths = Counter(image_id(one.file_path) for one in store.scan(with_vectors=False))
    store.close()
    return paths


def test_a_server_that_is_killed_in_the_middle_of_bulks_costs_no_image(
    killer: Killer, slow_extractor: Service, folder: Path
) -> None:
    names = fill(folder, _COUNT)
    ingest = Ingest(f"elasticsearch://{killer.proxy.address}/images-{secrets.token_hex(4)}", slow_extractor.url)
    lost: set[str] = set()
    doubled = 0
    for let_pass, share in _MOMENTS:
        killer.wait_for(is_bulk, let_pass=let_pass, share=share)
        done = ingest.run(folder)
        assert (done.code, done.head, len(done.errors)) == (2, "done:", 1)
        assert "Elasticsearch cannot be reached" in done.errors[0]
        assert_sentence(done.errors[0])
        killer.revive()
        kept = ids_in(ingest.store)
        lost |= killer.acknowledged - set(kept)
        doubled += kept.total() - len(kept)
    assert len(killer.acknowledged) >= 2 * 32
    done = ingest.run(folder)
    assert (done.code, done.errors) == (0, [])
    assert done.counts == {"added": _COUNT - len(kept), "unchanged": len(kept)}
    assert_complete(ingest, folder, names)
    kept = ids_in(ingest.store)
    lost |= {image_id(name) for name in names} - set(kept)
    doubled += kept.total() - len(kept)
    print(f"Elasticsearch was killed {killer.times} times; records lost: {len(lost)}, doubled: {doubled}")
    assert (killer.times, lost, doubled) == (len(_MOMENTS), set(), 0)
    drop_store(ingest.store)


@pytest.fixture
def collection(proxy: MeddlingProxy) -> Iterator[str]:
    """The URL of a collection of 20 records, by way of the proxy."""
    url = f"elasticsearch://{proxy.address}/images-{secrets.token_hex(4)}"
    store = create_store(url, str(FINGERPRINT), MODEL.dim)
    store.upsert([record(f"{number}.jpg", [1.0 + number] * MODEL.dim) for number in range(20)])
    store.publish()
    store.close()
    yield url
    drop_store(url)


@pytest.fixture
def service(collection: str, slow_extractor: Service, tmp_path: Path) -> Iterator[Service]:
    with search_service(tmp_path, f"{collection}?timeout=2", slow_extractor.url) as running:
        yield running


def search(service: Service) -> requests.Response:
    body = {"id": image_id("3.jpg"), "score": -1}
    return requests.post(f"{service.url}/searchById", json=body, timeout=_SECONDS)


def find(service: Service) -> Any:
    return assert_success(search(service))["total"]


def assert_away(answer: requests.Response) -> None:
    name = answer.json()["error"]
    assert name in _AWAY
    assert_failure(answer, name)


def recovered(service: Service) -> bool:
    """Return whether searches have all their hits again; until then they fail by name."""
    answer = search(service)
    if answer.status_code == 200:
        return bool(assert_success(answer)["total"] == 20)
    assert_away(answer)
    return False


def test_a_service_whose_server_is_killed_in_the_middle_of_a_query_recovers_by_itself(
    killer: Killer, service: Service
) -> None:
    assert find(service) == 20
    killer.wait_for(is_search, let_pass=0, share=1.0)
    detail = assert_failure(search(service), "store_unavailable")
    assert "cannot be reached" in detail
    with ThreadPoolExecutor(8) as pool:
        for answer in pool.map(lambda _: search(service), range(16)):
            assert_away(answer)
        assert_failure(requests.get(f"{service.url}/readyz", timeout=_SECONDS), "store_unavailable")
        assert requests.get(f"{service.url}/healthz", timeout=_SECONDS).status_code == 200
        reviving = pool.submit(killer.revive)
        while wait([reviving], timeout=0.05).not_done:  # also while it starts
            recovered(service)
        reviving.result()
    wait_until(lambda: recovered(service))
    service.wait_until_ready()
    assert killer.times == 1


def test_a_server_that_hangs_is_a_timeout_and_goes_on_where_it_was(own_server: Elasticsearch, service: Service) -> None:
    assert find(service) == 20
    with own_server.hanging():
        assert_failure(search(service), "store_timeout")
        with ThreadPoolExecutor(8) as pool:
            for answer in pool.map(lambda _: search(service), range(8)):
                assert_failure(answer, "store_timeout")
    wait_until(lambda: recovered(service))
