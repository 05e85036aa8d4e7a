"""A real Milvus server, started by the test run without a container engine.

It is the package ``milvus`` on PyPI, which has the server for x86-64 Linux inside. Its etcd always takes the same port,
so there is one server at a time on a machine; where another one has the port, the program stays and waits for ever.
"""

import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self

import pytest
from pymilvus import MilvusClient, MilvusException

from tests.places import ROOT
from tests.servers.certificates import Certificate
from tests.servers.process import free_port

USER, PASSWORD = "root", "Milvus"  # as a server begins with
_PROGRAM = (sys.executable, "-m", "tests.servers.milvus_program")
_START_SECONDS = 240  # after a kill it waits for what the killed one held
_STOP_SECONDS = 30
_NEW_CHANNEL = {"grpc.use_local_subchannel_pool": 1}  # others wait long before they try again
_QUICK_TICKS = ("--extra-config", "proxy.timeTickInterval=20")  # how soon a write can be seen; the default is 200 ms
_SECURE = ("--authorization-enabled", "true")


class Milvus:
    """One server with its data below ``folder``; use as a context manager. It keeps its port when started again.

    A ``secure`` one lets in USER with PASSWORD; with a ``certificate`` it speaks TLS.
    """

    def __init__(
        self,
        folder: Path,
        *,
        secure: bool = False,
        certificate: Certificate | None = None,
        quick_ticks: bool = True,
    ) -> None:
        self._folder = folder
        self._token = f"{USER}:{PASSWORD}" if secure else ""
        self._certificate = certificate
        self._options = (*(_QUICK_TICKS if quick_ticks else ()), *(_SECURE if secure else ()), *_tls(certificate))
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start the server and wait until it answers; raises with the end of its log when it does not."""
        if importlib.util.find_spec("milvus") is None:
            pytest.skip("the package milvus is not installed: PyPI has it for x86-64 Linux only")
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [*_PROGRAM, "--data", str(self.data), "--proxy-port", str(self.port), *self._options],
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if self._answers():
                return self
            time.sleep(0.3)
        self.kill()
        raise RuntimeError(f"Milvus did not start, or another one runs:\n{self._log.read_text()[-4000:]}")

    def stop(self) -> None:
        """Ask the server to stop and wait for it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # at SIGTERM the program ends and leaves its server behind
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_SECONDS)
        self.kill()

    def kill(self) -> None:
        """kill -9 to the program and its server at once."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(30)
            self._process = None

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Inside of this the server keeps its connections and answers nothing."""
        os.killpg(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.pid, signal.SIGCONT)

    @property
    def runs(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The program's process id; the server is its child."""
        assert self._process is not None
        return self._process.pid

    @property
    def data(self) -> Path:
        """Where the server keeps what it is given."""
        return self._folder / "data"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def _log(self) -> Path:
        return self._folder / "log.txt"

    def _answers(self) -> bool:
        """Whether collections can be listed, which comes after the port is open."""
        try:
            client = MilvusClient(
                f"{'https' if self._certificate else 'http'}://{self.address}",
                token=self._token,
                timeout=1,
                dedicated=True,
                grpc_options=_NEW_CHANNEL,
                server_pem_path=str(self._certificate.certificate) if self._certificate else "",
            )
        except MilvusException:
            return False
        try:
            client.list_collections(timeout=1)
        except MilvusException:
            return False
        finally:
            client.close()
        return True


def _tls(certificate: Certificate | None) -> Iterator[str]:
    if certificate is not None:
        for setting in (
            "common.security.tlsMode=1",
            f"tls.serverPemPath={certificate.certificate}",
            f"tls.serverKeyPath={certificate.key}",
        ):
            yield from ("--extra-config", setting)
