"""A third-party server: its program is started, waited for until it answers, suspended, stopped or killed."""

import os
import signal
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

from tests.servers.process import free_port

_POLL_SECONDS = 0.3
_LOG_CHARACTERS = 4_000
_KILL_SECONDS = 30


@dataclass(frozen=True)
class Command:
    """What to run, where, and with which environment; None: this process' own."""

    arguments: Sequence[str]
    folder: Path
    environment: Mapping[str, str] | None = None


class Server(ABC):
    """One server with its data below ``folder``; use as a context manager. It keeps its port when started again."""

    start_seconds: int

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._log = folder / "log.txt"
        self.port = free_port()
        self.address = f"127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Start the server and wait until it answers; raises with the end of its log when it does not."""
        command = self._prepare()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                command.arguments,
                cwd=command.folder,
                env=command.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + self.start_seconds
        while time.monotonic() < deadline and self.runs:
            if self._answers():
                return self
            time.sleep(_POLL_SECONDS)
        self.kill()
        raise RuntimeError(f"{type(self).__name__} did not start:\n{self._log.read_text()[-_LOG_CHARACTERS:]}")

    def stop(self) -> None:
        """Stop the server, as gently as it needs."""
        self.kill()

    def kill(self) -> None:
        """kill -9 to the program and what it has started, at once."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(_KILL_SECONDS)
            self._process = None

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Suspend the server inside the context: it keeps its connections and answers nothing."""
        program = psutil.Process(self.pid)
        os.killpg(self.pid, signal.SIGSTOP)
        try:
            while any(one.status() != psutil.STATUS_STOPPED for one in (program, *program.children(recursive=True))):
                time.sleep(_POLL_SECONDS)  # on a busy machine the signal takes a while to reach them all
            yield
        finally:
            os.killpg(self.pid, signal.SIGCONT)

    @property
    def runs(self) -> bool:
        """Whether it was started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id of the program; the server itself is its child."""
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @abstractmethod
    def _prepare(self) -> Command:
        """Prepare what the server needs, and return the command that starts it."""

    @abstractmethod
    def _answers(self) -> bool:
        """Return whether the server is ready."""
