"""Runs a module of the project as a program, to its end."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.paths import ROOT

_SECONDS = 300


def run(
    module: str, *arguments: object, settings: Mapping[str, str] | None = None, folder: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run ``python -m MODULE ARGUMENTS`` in ``folder`` with ``settings`` in its environment and without a terminal."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("SEARCH_", "EXTRACTOR_"))}
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(ROOT), **(settings or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done
