"""A service in a process of its own: started, waited for, stopped or killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

import requests

from tests.paths import ROOT

_START_SECONDS = 120


def free_port() -> int:
    """Return a port that is free at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Service:
    """``python -m MODULE`` with ``settings`` in its environment; use as a context manager.

    ``prefix`` is the one of the service's settings. Its stderr is kept in ``log``. ``memory_limit`` bounds the bytes
    of address space of each of its processes (on Linux).
    """

    def __init__(
        self,
        module: str,
        prefix: str,
        settings: dict[str, str],
        log: Path,
        port: int | None = None,
        memory_limit: int | None = None,
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = log
        self._command = [sys.executable, "-m", module]
        if memory_limit is not None:
            self._command = ["prlimit", f"--as={memory_limit}", *self._command]
        own = {f"{prefix}_{name}": value for name, value in settings.items()}
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("EXTRACTOR_", "SEARCH_"))
        }
        self._environment = {**inherited, **own, f"{prefix}_PORT": str(self.port)}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, wait: bool = True) -> Self:
        """Start the process and, with ``wait``, return when /readyz answers 200."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environment,
                stderr=log,
                stdout=log,
                start_new_session=True,
            )
        if wait:
            self.wait_until_ready()
        return self

    def wait_until_ready(self) -> None:
        """Wait for /readyz; raises with the end of the log when the process ends or takes too long."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self._process is not None and self._process.poll() is not None:
                break
            try:
                if requests.get(f"{self.url}/readyz", timeout=30).status_code == 200:
                    return
            except requests.ConnectionError:
                pass
            time.sleep(0.1)
        raise RuntimeError(f"{self._command[-1]} is not ready:\n{self.log.read_text()[-4000:]}")

    @property
    def pid(self) -> int:
        """The process id of gunicorn's master; the worker is its child."""
        assert self._process is not None
        return self._process.pid

    def wait(self, seconds: float = 60) -> int:
        """Wait for the process to end by itself and return its exit status."""
        assert self._process is not None
        return self._process.wait(seconds)

    def signal_all(self, name: str) -> None:
        """Send a signal to the master and its worker at once, as a terminal does."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.Signals[name])

    def kill(self) -> None:
        """kill -9 to the master and its worker at once."""
        assert self._process is not None
        self.signal_all("SIGKILL")
        self._process.wait(30)
        self._process = None

    def stop(self) -> None:
        """Ask the process to stop and wait for it."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
        self._process = None

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.stop()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
