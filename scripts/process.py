"""Services in the background, for the demo: started with a log each, waited for, and stopped, also by a later command.

Their process ids are kept in a file while they run, so that a later command can stop them.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import requests

_START_SECONDS = 600
_STOP_SECONDS = 20
_POLL_SECONDS = 0.05


class ServiceFailed(RuntimeError):
    """A service cannot start, has stopped or does not answer; the message says why."""


@dataclass(frozen=True)
class Service:
    """A module that runs in a process of its own, and the file that it logs to."""

    module: str
    process: subprocess.Popen[bytes]
    log: Path

    def wait_until_ready(self, url: str) -> None:
        """Return once ``url`` answers with status 200; raise ServiceFailed when the service stops or takes too long."""
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            try:
                if requests.get(url, timeout=_START_SECONDS).status_code == 200:
                    return
            except requests.ConnectionError:
                if self.process.poll() is not None:
                    raise ServiceFailed(self._why_it_stopped()) from None
            time.sleep(_POLL_SECONDS)
        raise ServiceFailed(f"{self.module} does not answer: see {self.log}.")

    def _why_it_stopped(self) -> str:
        lines = self.log.read_text().splitlines()
        errors = [line for line in lines if " ERROR " in line or line.startswith("A setting")]
        return errors[0] if errors else f"{self.module} has stopped: see {self.log}."


@dataclass(frozen=True)
class Background:
    """The services that run in the background, with their logs and process ids in ``folder``."""

    folder: Path

    def start(self, module: str, environment: Mapping[str, str]) -> Service:
        """Start ``python -m MODULE`` in a process group of its own and note its process id."""
        path = self.folder / f"{module}.log"
        with path.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", module],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._pids.write_text(json.dumps({**self._read_pids(), str(process.pid): module}))
        return Service(module, process, path)

    def stop(self) -> None:
        """Stop every service that was started, by this command or an earlier one; kill those that do not obey."""
        pids = [int(pid) for pid, module in self._read_pids().items() if _runs_module(int(pid), module)]
        for pid in pids:
            _send(pid, signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        while any(_is_running(pid) for pid in pids) and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        for pid in pids:
            _send(pid, signal.SIGKILL)
        self._pids.unlink(missing_ok=True)

    @property
    def _pids(self) -> Path:
        return self.folder / "pids.json"

    def _read_pids(self) -> dict[str, str]:
        pids: dict[str, str] = json.loads(self._pids.read_text()) if self._pids.exists() else {}
        return pids


def check_port_is_free(setting: str, port: int) -> None:
    """Raise ServiceFailed when another process listens at ``port``, which ``setting`` chooses."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise ServiceFailed(
                f"Port {port} is taken: run make demo-stop if a demo is running, or set {setting} to another port."
            ) from None


def _runs_module(pid: int, module: str) -> bool:
    """Return whether the process is still the one that was started: after a reboot the id may be another's."""
    try:
        return module in Path(f"/proc/{pid}/cmdline").read_text()
    except FileNotFoundError:
        return not Path("/proc/self").exists()  # no such process, or a system without /proc


def _is_running(pid: int) -> bool:
    with suppress(ChildProcessError):  # it was started by an earlier command
        os.waitpid(pid, os.WNOHANG)
    return _send(pid, 0)


def _send(pid: int, number: int) -> bool:
    """Send a signal to a service and its worker; return whether they run."""
    try:
        os.killpg(pid, number)
    except ProcessLookupError:
        return False
    return True
