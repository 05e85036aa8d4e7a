"""Starts the processes to measure, waits for them, reads their memory and stops them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
import requests

_START_SECONDS = 180


@dataclass(frozen=True)
class Running:
    """A service that answers at ``url``."""

    url: str
    process: psutil.Process

    def resident_megabytes(self) -> float:
        """Return the memory of the largest process of the service, its worker, in MB of 10**6 bytes."""
        family = [self.process, *self.process.children(recursive=True)]
        return max(float(process.memory_info().rss) for process in family) / 1e6


@contextmanager
def service(module: str, prefix: str, settings: Mapping[str, str], ready: str = "/readyz") -> Iterator[Running]:
    """Run ``python -m module`` with ``settings`` on a free port; the block begins when ``ready`` answers."""
    port = free_port()
    own = {f"{prefix}_{name}": value for name, value in settings.items()}
    environment = {"MALLOC_ARENA_MAX": "2", **os.environ, **own, f"{prefix}_PORT": str(port)}
    with _process([sys.executable, "-m", module], environment) as process:
        yield _wait(process, f"http://127.0.0.1:{port}", ready)


@contextmanager
def recipe() -> Iterator[Running]:
    """Run the server of the published recipe."""
    port = free_port()
    environment = {**os.environ, "KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}
    with _process([sys.executable, "-m", "benchmarks.published_recipe", str(port)], environment) as process:
        yield _wait(process, f"http://127.0.0.1:{port}", "/")


@contextmanager
def _process(command: list[str], environment: Mapping[str, str]) -> Iterator[psutil.Process]:
    started = psutil.Popen(command, env=dict(environment), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield started
    finally:
        started.terminate()
        started.wait(60)


def _wait(process: psutil.Process, url: str, route: str) -> Running:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        try:
            if requests.get(url + route, timeout=60).status_code in (200, 404):
                return Running(url, process)
        except requests.ConnectionError:
            time.sleep(0.1)
    raise RuntimeError(f"{process.cmdline()} does not answer")


def free_port() -> int:
    """Return a port that no process listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
