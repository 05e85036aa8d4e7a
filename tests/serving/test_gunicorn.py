"""How a service starts, goes on after its worker died, and stops."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from tests.answers import assert_success
from tests.servers.process import Service

ECHO = ("tests.serving.echo_service", "ECHO")


def test_a_service_that_cannot_start_says_why_in_one_sentence_and_ends(tmp_path: Path) -> None:
    service = Service(*ECHO, {"REFUSES": "1"}, tmp_path / "echo.log").start(wait=False)
    assert service.wait() != 0
    errors = [json.loads(line) for line in service.log.read_text().splitlines() if '"ERROR"' in line]
    assert "The kettle is missing: buy one." in [error["message"] for error in errors]
    assert "Traceback" not in service.log.read_text()


def test_a_killed_worker_is_replaced(tmp_path: Path) -> None:
    with Service(*ECHO, {}, tmp_path / "echo.log") as service:
        (worker,) = psutil.Process(service.pid).children()
        worker.kill()
        worker.wait(30)
        service.wait_until_ready()
        assert_success(requests.get(f"{service.url}/echo", timeout=30))
        (other,) = psutil.Process(service.pid).children()
        assert other.pid != worker.pid


def test_a_request_that_is_being_answered_is_finished_before_the_service_stops(tmp_path: Path) -> None:
    answers: list[requests.Response] = []

    def slowly() -> Iterator[bytes]:
        for piece in [b'{"a":', *[b" "] * 8, b"1}"]:
            time.sleep(0.1)
            yield piece

    def send_slowly(url: str) -> None:
        headers = {"Content-Type": "application/json"}
        answers.append(requests.post(f"{url}/echo", data=slowly(), headers=headers, timeout=60))

    with Service(*ECHO, {}, tmp_path / "echo.log") as service:
        client = threading.Thread(target=send_slowly, args=[service.url])
        client.start()
        time.sleep(0.4)
    client.join()
    assert assert_success(answers[0]) == {"a": 1}


def test_a_stopped_service_ends_without_an_error(tmp_path: Path) -> None:
    service = Service(*ECHO, {}, tmp_path / "echo.log").start()
    psutil.Process(service.pid).terminate()
    assert service.wait() == 0
    assert "ERROR" not in service.log.read_text()


@pytest.mark.parametrize("signal", ["SIGTERM", "SIGINT", "SIGQUIT"])
def test_a_request_without_an_end_of_its_own_hears_that_the_service_stops(tmp_path: Path, signal: str) -> None:
    service = Service(*ECHO, {}, tmp_path / "echo.log").start()
    with requests.get(f"{service.url}/stream", stream=True, timeout=60) as answer:
        lines = answer.iter_lines()
        assert next(lines) == b"begun"
        service.signal_all(signal)
        assert service.wait() == 0
        assert list(lines) == [b"ended"]
    assert "Traceback" not in service.log.read_text()
    assert "SIGKILL" not in service.log.read_text(), "no worker had to be killed"
