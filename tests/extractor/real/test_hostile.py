"""Odd, broken and malicious files, one by one through one real service with bounded memory."""

import base64
import shutil
import time
from collections import Counter
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil
import pytest
import requests
from PIL import Image

from tests.answers import assert_failure, assert_success
from tests.extractor.real.service import extractor, worker_of
from tests.images import drawing, encoded
from tests.servers.process import Service
from wire.errors import STATUS
from wire.extraction import Rejected, batch_request, read_answer

MEMORY = 2 * 2**30
SECONDS_A_FILE = 10  # part of the contract: a hostile file may not hold a service up
GROUP = 16
GOOD = encoded(drawing(300, 200), "PNG")


@dataclass(frozen=True)
class Outcome:
    """What became of one file: ``vector``, or an error's name."""

    file: str
    result: str
    seconds: float
    resident: int


@pytest.fixture(scope="module")
def files(shared: Callable[[str], Path]) -> list[Path]:
    found = sorted(path for path in shared("data/hostile").iterdir() if path.suffix != ".csv")
    assert len(found) == 193
    return found


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Generator[Service]:
    if shutil.which("prlimit") is None:
        pytest.skip("prlimit is absent: the memory of a process cannot be bounded here")
    with extractor(tmp_path_factory.mktemp("hostile") / "extractor.log", memory_limit=MEMORY) as running:
        yield running


@pytest.fixture(scope="module")
def first_worker(service: Service) -> psutil.Process:
    return worker_of(service)


def ask(service: Service, data: bytes) -> requests.Response:
    body = {"img": base64.b64encode(data).decode()}
    return requests.post(f"{service.url}/calFeatureVector", json=body, timeout=SECONDS_A_FILE)


def outcome(service: Service, worker: psutil.Process, file: Path) -> Outcome:
    started = time.monotonic()
    answer = ask(service, file.read_bytes())
    seconds = time.monotonic() - started
    if answer.status_code == 200:
        assert np.isfinite(assert_success(answer)).all(), file.name
        result = "vector"
    else:
        result = answer.json().get("error", "?")
        assert_failure(answer, result)
    return Outcome(file.name, result, seconds, worker.memory_info().rss)


@pytest.fixture(scope="module")
def outcomes(service: Service, first_worker: psutil.Process, files: list[Path]) -> list[Outcome]:
    """One outcome a file; after every group the next good image has to work."""
    assert_success(ask(service, GOOD))
    seen: list[Outcome] = []
    for start in range(0, len(files), GROUP):
        seen += [outcome(service, first_worker, file) for file in files[start : start + GROUP]]
        assert_success(ask(service, GOOD))
    return seen


def test_every_file_gives_a_vector_or_a_named_mistake_of_the_caller(outcomes: list[Outcome]) -> None:
    counts = Counter(one.result for one in outcomes)
    slowest = max(outcomes, key=lambda one: one.seconds)
    print(
        f"hostile files: {len(outcomes)} of {len(outcomes)} answered: "
        + ", ".join(f"{count} {name}" for name, count in counts.most_common())
        + f"; slowest {slowest.seconds:.2f} s ({slowest.file})"
        + f"; largest resident memory {max(one.resident for one in outcomes) / 2**20:.0f} MiB"
    )
    assert [one for one in outcomes if one.result != "vector" and STATUS[one.result] >= 500] == []
    assert slowest.seconds <= SECONDS_A_FILE


def test_files_that_are_good_give_vectors(outcomes: list[Outcome]) -> None:
    """Refusing everything would be safe, and useless."""
    good = ("exif_orientation__", "pngsuite__basn", "sharp__animated", "pillow__hopper")
    refused = [one for one in outcomes if one.file.startswith(good) and one.result != "vector"]
    assert [one.file for one in refused] == ["pillow__hopper_webp.tif"]  # a TIFF with WebP inside


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("zero_byte.jpg", "empty_image"),
        ("pillow__decompression_bomb.gif", "too_many_pixels"),
        ("sharp__giant-image.jpg", "too_many_pixels"),
        ("sharp__65536-uint32-limit.png", "too_many_pixels"),
        ("sharp__check.svg", "unsupported_format"),
        ("pillow__decompression_bomb.ico", "unsupported_format"),
        ("sharp__truncated.jpg", "truncated_image"),
        ("pillow__truncated_image.png", "truncated_image"),
        ("pillow__broken.png", "not_an_image"),
        ("lfs_pointer_fake_images__GIF+JAR.gif", "not_an_image"),
    ],
)
def test_well_known_files_have_the_name_one_expects(outcomes: list[Outcome], file: str, name: str) -> None:
    assert [one.result for one in outcomes if one.file == file] == [name]


def test_in_lists_they_cost_no_neighbour(service: Service, files: list[Path], outcomes: list[Outcome]) -> None:
    names = [one.result for one in outcomes]
    for start in range(0, len(files), GROUP):
        images = [GOOD, *(file.read_bytes() for file in files[start : start + GROUP]), GOOD]
        fields, parts = batch_request(images, None)
        answer = requests.post(f"{service.url}/calFeatureVectors", data=fields, files=parts, timeout=60)
        items, _ = read_answer(answer.json(), len(images))
        results = [item.error if isinstance(item, Rejected) else "vector" for item in items]
        assert results == ["vector", *names[start : start + GROUP], "vector"]


def test_large_damaged_images_leave_nothing_behind(
    service: Service, first_worker: psutil.Process, outcomes: list[Outcome]
) -> None:
    cut = encoded(Image.new("RGB", (5000, 5000)), "PNG")[:-2000]  # 70 MiB once it is decoded
    assert_failure(ask(service, cut), "truncated_image")
    before = first_worker.memory_info().rss
    for _ in range(8):
        assert_failure(ask(service, cut), "truncated_image")
    assert first_worker.memory_info().rss < before + 150 * 2**20


def test_the_process_that_started_is_the_one_that_answers(
    service: Service, first_worker: psutil.Process, outcomes: list[Outcome]
) -> None:
    """Nothing of all this ended it, not even for a moment."""
    assert outcomes
    assert worker_of(service).pid == first_worker.pid
    assert_success(requests.get(f"{service.url}/readyz", timeout=SECONDS_A_FILE))
