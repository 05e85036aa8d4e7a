"""Finds a JDK that is installed on this machine."""

import os
import re
from pathlib import Path

import pytest

_PLACES = ("/usr/lib/jvm", "/opt", "/Library/Java/JavaVirtualMachines")
_NEEDED = ("jdk.attach", "jdk.jdi", "jdk.jlink")  # Elasticsearch 9 asks for them; a mere JRE lacks them


def installed_jdk(min_version: int) -> Path:
    """Return the home of a complete JDK of ``min_version`` or newer; skips the test when there is none."""
    candidates = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    candidates += [home for place in _PLACES for home in sorted(Path(place).glob("*"))]
    for home in candidates:
        if _version(home) >= min_version:
            return home
    pytest.skip(f"there is no complete JDK {min_version} or newer in JAVA_HOME or {_PLACES[0]}")


def _version(home: Path) -> int:
    """Return the major version of the JDK at ``home``; 0 when it is not a complete JDK."""
    try:
        release = (home / "release").read_text()
    except OSError:
        return 0
    version = re.search(r'^JAVA_VERSION="(\d+)', release, re.MULTILINE)
    if version is None or not all(f" {name} " in release.replace('"', " ") for name in _NEEDED):
        return 0
    return int(version[1])
