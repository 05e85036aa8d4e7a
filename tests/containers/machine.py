"""What this tier needs of the machine: root on Debian 12 with namespaces, and Debian's container tools."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.debian import CannotInstall, install

# Each package with a program that tells that it is there.
_PACKAGES = {
    "aardvark-dns": "/usr/lib/podman/aardvark-dns",
    "buildah": "buildah",
    "crun": "crun",
    "curl": "curl",
    "debootstrap": "debootstrap",
    "iproute2": "ip",
    "iptables": "iptables",
    "netavark": "/usr/lib/podman/netavark",
    "podman": "podman",
}
_UNIFIED = Path("/sys/fs/cgroup/unified")


def prepare() -> None:
    """Install what is missing of Debian's container tools; skip the tests where that is impossible."""
    if sys.platform != "linux" or os.getuid() != 0:
        pytest.skip("building and running images without a daemon needs Linux and root")
    release = platform.freedesktop_os_release()
    if (release["ID"], release.get("VERSION_ID")) != ("debian", "12"):
        pytest.skip("the stand-ins for the base images are made on Debian 12")
    missing = [package for package, program in _PACKAGES.items() if shutil.which(program) is None]
    if missing:
        try:
            install(missing)
        except CannotInstall as error:
            pytest.skip(str(error))
    tried = subprocess.run(new_namespaces("true"), capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"namespaces cannot be made here: {tried.stderr}")


def new_namespaces(script: str) -> list[str]:
    """Return a command that runs a shell script in new namespaces for mounts, network and processes.

    Where the machine has control groups of both versions, the second is taken out of sight there: crun takes either but
    not both, and without control groups no memory limit would hold.
    """
    hide = f"umount {_UNIFIED}; " if _UNIFIED.is_mount() else ""
    unshare = ["unshare", "--mount", "--net", "--pid", "--fork", "--mount-proc", "--propagation=private"]
    return [*unshare, "sh", "-ec", f"{hide}ip link set lo up; {script}; exit"]
