"""Installs packages of Debian, for what tests need of the machine."""

import os
import shutil
import subprocess
from collections.abc import Sequence


class CannotInstall(RuntimeError):
    """The machine is no Debian, we are not root, or the packages cannot be had."""


def install(packages: Sequence[str]) -> None:
    """Install ``packages``; raises CannotInstall."""
    if os.getuid() != 0 or shutil.which("apt-get") is None:
        raise CannotInstall(f"{', '.join(packages)} would be installed by root with apt-get")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        done = subprocess.run(["apt-get", *command], env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise CannotInstall(f"apt-get cannot install {', '.join(packages)}: {done.stderr[-400:]}")
