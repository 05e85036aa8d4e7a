"""Many clients at once: each gets its own right answer, or busy."""

import base64
import time
from collections import Counter
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import requests
from PIL import Image

from tests.answers import assert_failure, assert_success
from tests.extractor.real.networks import cosines, on_openvino
from tests.extractor.real.service import extractor
from tests.images import encoded
from tests.servers.process import Service

CLIENTS = 80
ROUNDS = 3
SECONDS = 120  # the longest that a client may have to come back for one answer


@pytest.fixture(scope="module")
def images(photographs: list[Path]) -> list[bytes]:
    """One image a client, cut out of photographs."""
    photos = [Image.open(path).convert("RGB") for path in photographs]
    cut = [photos[i % 6].crop((4 * i // 6, 6 * i // 6, 200 + 4 * i // 6, 180 + 6 * i // 6)) for i in range(CLIENTS)]
    return [encoded(image.rotate(i), "PNG") for i, image in enumerate(cut)]


@pytest.fixture(scope="module", params=[64, 2], ids=["queue of 64", "queue of 2"])
def service(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Generator[Service]:
    log = tmp_path_factory.mktemp("load") / "extractor.log"
    with extractor(log, {"QUEUE": str(request.param)}) as running:
        yield running


def answer_in_the_end(service: Service, image: bytes, seen: Counter[str]) -> list[float]:
    """Ask until the answer is a vector; busy is a right answer too."""
    body = {"img": base64.b64encode(image).decode()}
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        answer = requests.post(f"{service.url}/calFeatureVector", json=body, timeout=SECONDS)
        if answer.status_code == 200:
            seen["right"] += 1
            vector: list[float] = assert_success(answer)
            return vector
        assert_failure(answer, "busy")
        seen["busy"] += 1
        time.sleep(0.05)
    raise AssertionError("a client was never let in")


def test_every_client_gets_its_own_vector_or_busy(service: Service, images: list[bytes]) -> None:
    seen: Counter[str] = Counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = list(pool.map(lambda image: answer_in_the_end(service, image, seen), images * ROUNDS))
    print(f"{CLIENTS} clients, {ROUNDS} rounds: {seen['right']} right answers, {seen['busy']} times busy")
    wanted = on_openvino("efficientnet_lite0").embed(images)
    assert seen["right"] == CLIENTS * ROUNDS
    assert cosines(np.array(answers), np.concatenate([wanted] * ROUNDS)).min() >= 0.99999


def test_the_images_have_different_vectors(images: list[bytes]) -> None:
    """Otherwise the test above could not see that a client got another one's answer."""
    vectors = on_openvino("efficientnet_lite0").embed(images)
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    assert (unit @ unit.T - 2 * np.eye(CLIENTS)).max() < 0.999


def test_afterwards_the_queue_is_empty_and_the_service_ready(service: Service, images: list[bytes]) -> None:
    assert_success(requests.get(f"{service.url}/readyz", timeout=30))
    for image in images[:3]:
        body = {"img": base64.b64encode(image).decode()}
        assert_success(requests.post(f"{service.url}/calFeatureVector", json=body, timeout=30))
    metrics = requests.get(f"{service.url}/metrics", timeout=30).text
    passed = float(metrics.split("extractor_batch_size_sum ")[1].split()[0])
    counted = float(metrics.split('extractor_images_total{result="ok"} ')[1].split()[0])
    assert passed >= counted >= CLIENTS * ROUNDS


def test_lists_and_singles_at_once_are_all_answered(service: Service, images: list[bytes]) -> None:
    """An ingest and many searches share the network."""

    def send_list(start: int) -> list[list[float]]:
        deadline = time.monotonic() + SECONDS
        files = [("file", ("a.png", image)) for image in images[start : start + 10]]
        while time.monotonic() < deadline:
            answer = requests.post(f"{service.url}/calFeatureVectors", files=files, timeout=SECONDS)
            if answer.status_code == 200:
                return [item["vector"] for item in assert_success(answer)["items"]]
            assert_failure(answer, "busy")
            time.sleep(0.05)
        raise AssertionError("a list was never let in")

    seen: Counter[str] = Counter()
    with ThreadPoolExecutor(32) as pool:
        lists = [pool.submit(send_list, start) for start in range(0, CLIENTS, 10)]
        singles = list(pool.map(lambda image: answer_in_the_end(service, image, seen), images))
        listed = [vector for future in lists for vector in future.result(SECONDS)]
    assert cosines(np.array(singles), np.array(listed)).min() >= 0.99999
