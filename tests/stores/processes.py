"""Starts the second processes of the contract and talks with them."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.paths import ROOT


@contextmanager
def second_process(module: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """``python -m tests.stores.MODULE`` with pipes, gone at the end."""
    command = [sys.executable, "-m", f"tests.stores.{module}", *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def next_line(process: subprocess.Popen[str]) -> str:
    """The next line that ``process`` says; empty when it has ended."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def ask(process: subprocess.Popen[str]) -> str:
    """One answer of a reading process."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return next_line(process)
