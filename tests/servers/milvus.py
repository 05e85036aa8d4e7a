"""A real Milvus server, started by the test run without a container engine.

It is the package ``milvus`` on PyPI, which is one for x86-64 Linux. Its etcd always takes the same port, so there is one
server at a time on a machine; where another one has it, the program stays and the server in it does not.
"""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

import grpc
import pytest
from pymilvus import MilvusClient, MilvusException

from tests.servers.process import free_port

_START_SECONDS = 120
_STOP_SECONDS = 60
_ETCD_PORT = 2380
_QUICK_TICKS = "proxy.timeTickInterval=20"  # a write can be seen so many milliseconds later; 200 is the default


class Milvus:
    """One server with its data below ``folder``; use as a context manager. It keeps its port when started again.

    With ``options`` such as ``common.security.authorizationEnabled=true`` it is configured otherwise.
    """

    def __init__(self, folder: Path, *, quick_ticks: bool = True) -> None:
        self._folder = folder
        self._options = [_QUICK_TICKS] if quick_ticks else []
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None
