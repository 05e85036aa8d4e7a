"""Starts the second processes of the contract and talks to them."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.paths import ROOT


@contextmanager
def second_process(module: str, *arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Run ``python -m tests.stores.MODULE`` with pipes; it is killed at the end."""
    command = [sys.executable, "-m", f"tests.stores.{module}", *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def next_line(process: subprocess.Popen[str]) -> str:
    """Return the next line that ``process`` prints; empty when it has ended."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def ask(process: subprocess.Popen[str]) -> str:
    """Return one answer of a reading process."""
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()
    return next_line(process)
