"""The search service as it runs, with what its clients do to it."""

import io
import json
import socket
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import requests

from search_api.stores import create_store, drop_store
from search_api.stores.base import image_id
from tests.answers import assert_failure, assert_success
from tests.extractor.dummy import MODEL
from tests.ingest.album import fill, image
from tests.ingest.command import Ingest
from tests.ingest.watching import wait_until
from tests.search_api.gallery import Gallery
from tests.search_api.search.searching import paths
from tests.servers.process import Service
from tests.servers.search_service import search_service


def search(service: Service, number: int, **fields: str) -> Any:
    upload = {"file": ("a photo.jpg", image(number), "image/jpeg")}
    return assert_success(requests.post(f"{service.url}/searchByImage", files=upload, data=fields, timeout=60))


def test_the_published_client_finds_what_it_uploads(service: Service, gallery: Gallery) -> None:
    """Field for field what the published system's client sends and reads."""
    upload = {"file": ("照片.jpg", image(7), "application/octet-stream")}
    form = {"score": "0.5", "page": "1", "pageSize": "3"}
    body = requests.post(f"{service.url}/searchByImage", files=upload, data=form, timeout=60).json()
    assert (body["code"], body["msg"]) == (200, "请求成功")
    first = body["data"]["dataList"][0]
    assert (first["file_path"], first["score"]) == (gallery.names[7], 1.0)


def test_an_upload_whose_length_is_not_announced_is_read(service: Service, gallery: Gallery) -> None:
    prepared = requests.Request("POST", service.url, files={"file": ("x.jpg", image(7))}).prepare()
    assert isinstance(prepared.body, bytes)
    chunks = (prepared.body[start : start + 100] for start in range(0, len(prepared.body), 100))
    headers = {"Content-Type": prepared.headers["Content-Type"]}
    answer = requests.post(f"{service.url}/searchByImage", data=chunks, headers=headers, timeout=60)
    assert paths(assert_success(answer))[0] == gallery.names[7]


def test_a_client_without_any_library_is_answered(service: Service, gallery: Gallery) -> None:
    body = json.dumps({"id": image_id(gallery.names[3]), "score": -1}).encode()
    asked = urllib.request.Request(f"{service.url}/searchById", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        assert json.load(answer)["data"]["dataList"][0]["file_path"] == gallery.names[3]


def test_many_clients_at_once_get_their_own_answers(service: Service, gallery: Gallery) -> None:
    numbers = [number % 30 for number in range(120)]
    with ThreadPoolExecutor(12) as pool:
        pages = list(pool.map(lambda number: search(service, number), numbers))
    assert [paths(page)[0] for page in pages] == [gallery.names[number] for number in numbers]


def test_a_client_that_hangs_up_harms_nobody(service: Service, gallery: Gallery) -> None:
    head = b"POST /searchByImage HTTP/1.1\r\nHost: x\r\nContent-Type: image/jpeg\r\nContent-Length: 100000\r\n\r\n"
    for sent in (b"POST", head, head + bytes(50_000)):
        with socket.create_connection(("127.0.0.1", service.port)) as connection:
            connection.sendall(sent)
    assert paths(search(service, 7))[0] == gallery.names[7]


def test_failures_look_the_same_over_a_socket(service: Service) -> None:
    assert_failure(requests.get(f"{service.url}/searchByImage", timeout=60), "method_not_allowed")
    assert_failure(requests.get(f"{service.url}/nowhere", timeout=60), "not_found")
    assert_failure(requests.post(f"{service.url}/searchByImage", files={"file": b"words"}, timeout=60), "not_an_image")
    big = io.BytesIO(bytes(40 * 2**20))
    assert_failure(requests.post(f"{service.url}/searchByImage", data=big, timeout=60), "image_too_large")


@pytest.fixture
def own_service(extractor: Service, tmp_path: Path) -> Iterator[Service]:
    """A service whose index does not exist yet."""
    running = search_service(tmp_path, f"embedded://{tmp_path}/images.db", extractor.url, LOG_FORMAT="json")
    running.start(wait=False)
    yield running
    running.stop()


def test_an_index_that_is_made_dropped_and_made_again_is_followed_without_a_restart(
    own_service: Service, extractor: Service, tmp_path: Path
) -> None:
    store_url = f"embedded://{tmp_path}/images.db"
    ingest = Ingest(store_url, extractor.url)
    first, second = fill(tmp_path / "first", 5), fill(tmp_path / "second", 8, first=20)
    ingest.run(tmp_path / "first")
    own_service.wait_until_ready()
    assert search(own_service, 3, score="-1")["total"] == len(first)
    ingest.run(tmp_path / "second")
    assert search(own_service, 22, score="-1")["total"] == len(first) + len(second)
    drop_store(store_url)
    answer = requests.post(f"{own_service.url}/searchById", json={"id": "x"}, timeout=60)
    assert_failure(answer, "store_unavailable")
    create_store(store_url, "another:model", MODEL.dim).close()
    upload = {"file": image(1)}
    answer = requests.post(f"{own_service.url}/searchByImage", files=upload, timeout=60)
    assert_failure(answer, "model_mismatch")
    drop_store(store_url)
    ingest.run(tmp_path / "second")
    page = search(own_service, 22)
    assert (paths(page)[0], page["dataList"][0]["score"]) == (second[2], 1.0)


def test_every_line_of_a_json_log_is_json(own_service: Service) -> None:
    wait_until(lambda: _is_alive(own_service))
    lines = [json.loads(line) for line in own_service.log.read_text().splitlines()]
    request = next(line for line in lines if line.get("path") == "/healthz")
    assert {"time", "level", "request_id", "method", "status", "milliseconds"} <= request.keys()


def _is_alive(service: Service) -> bool:
    try:
        return requests.get(f"{service.url}/healthz", timeout=60).status_code == 200
    except requests.ConnectionError:
        return False
