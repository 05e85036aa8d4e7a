"""A real Milvus server, started by the test run without a container engine.

It is the package ``milvus`` on PyPI, which has the server for x86-64 Linux inside. Its etcd always takes the same port,
so there is one server at a time on a machine; where another one has the port, the program stays and waits for ever.
"""

import importlib.util
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Self

import pytest
from pymilvus import MilvusClient, MilvusException

from tests.paths import ROOT
from tests.servers.certificates import Certificate
from tests.servers.server import Command, Server

USER, PASSWORD = "root", "Milvus"  # as a server begins with
_STOP_SECONDS = 30
_NEW_CHANNEL = {"grpc.use_local_subchannel_pool": 1}  # others wait long before they try again
_QUICK_TICKS = ("--extra-config", "proxy.timeTickInterval=20")  # how soon a write can be seen; the default is 200 ms
_SECURE = ("--authorization-enabled", "true")


class Milvus(Server):
    """One server. A ``secure`` one lets in USER with PASSWORD; with a ``certificate`` it speaks TLS."""

    start_seconds = 240  # after a kill it waits for what the killed one held

    def __init__(
        self,
        folder: Path,
        *,
        secure: bool = False,
        certificate: Certificate | None = None,
        quick_ticks: bool = True,
    ) -> None:
        super().__init__(folder)
        self.data = folder / "data"
        self._token = f"{USER}:{PASSWORD}" if secure else ""
        self._certificate = certificate
        self._options = (*(_QUICK_TICKS if quick_ticks else ()), *(_SECURE if secure else ()), *_tls(certificate))

    def start(self) -> Self:
        """Start it as any server, and once more where another process took a port that it had found free."""
        try:
            return super().start()
        except RuntimeError:
            return super().start()

    def stop(self) -> None:
        """Ask the server to stop and wait for it."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)  # at SIGTERM the program ends and leaves its server behind
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(_STOP_SECONDS)
        self.kill()

    def _prepare(self) -> Command:
        if importlib.util.find_spec("milvus") is None:
            pytest.skip("the package milvus is not installed: PyPI has it for x86-64 Linux only")
        program = (sys.executable, "-m", "tests.servers.milvus_program")
        return Command([*program, "--data", str(self.data), "--proxy-port", str(self.port), *self._options], ROOT)

    def _answers(self) -> bool:
        """Return whether collections can be listed, which is possible some time after the port is open."""
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
