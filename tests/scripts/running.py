"""Runs a command of ``scripts`` to its end."""

import os
import subprocess
import sys

from tests.places import ROOT


def run(module: str, *arguments: object, **settings: str) -> subprocess.CompletedProcess[str]:
    """``python -m scripts.MODULE ARGUMENTS`` with ``settings`` in its environment and no terminal."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SEARCH_", "EXTRACTOR_"))}
    done = subprocess.run(
        [sys.executable, "-m", f"scripts.{module}", *map(str, arguments)],
        cwd=ROOT,
        env={**inherited, **settings},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done
