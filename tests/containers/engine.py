"""buildah and podman with a store and settings of their own, in namespaces of their own."""

import fcntl
import json
import os
import shutil
import subprocess
import time
from pathlib import Path
from typing import IO, Any, Self

import pytest

from tests.containers.machine import new_namespaces

_BUILD_SECONDS = 900
_RUN_SECONDS = 300
_READY_SECONDS = 180
_LAYERS_ARE_KEPT = "336h"
_SETTINGS = ("COMPOSE_", "ELASTIC_", "EXTRACTOR_", "SEARCH_", "IMAGES")  # what a compose file would take for its own
_NOISE = ("systemd", "syslog")  # podman warns in each call that neither is here

_STORAGE = """[storage]
driver = "overlay"
graphroot = "{folder}/store"
runroot = "{folder}/run"
"""
_REGISTRIES = """unqualified-search-registries = ["docker.io"]
short-name-mode = "disabled"
"""
# The limits on files and processes are what a machine allows that may not raise its own.
_CONTAINERS = """[containers]
default_ulimits = ["nofile=16384:16384", "nproc=16384:16384"]
[engine]
runtime = "crun"
cgroup_manager = "cgroupfs"
events_logger = "file"
tmp_dir = "{folder}/libpod"
[network]
network_backend = "netavark"
network_config_dir = "{folder}/networks"
"""


class Engine:
    """Builds and runs images; use as a context manager.

    The store in ``folder`` stays from one run to the next with its layers; containers, networks and volumes do not.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(_SETTINGS)}
        self._environment = {
            **inherited,
            "CONTAINERS_STORAGE_CONF": str(folder / "storage.conf"),
            "CONTAINERS_REGISTRIES_CONF": str(folder / "registries.conf"),
            "CONTAINERS_CONF": str(folder / "containers.conf"),
            "TMPDIR": str(folder / "tmp"),
        }
        self._holder: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._lock = (self.folder / "lock").open("w")
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        for name in ("run", "libpod", "networks"):  # to podman their absence is a machine that was started anew
            shutil.rmtree(self.folder / name, ignore_errors=True)
        for name in ("store", "tmp", "networks"):
            (self.folder / name).mkdir(exist_ok=True)
        for name, text in (("storage", _STORAGE), ("registries", _REGISTRIES), ("containers", _CONTAINERS)):
            (self.folder / f"{name}.conf").write_text(text.format(folder=self.folder))
        # What runs in the namespaces ends with their first process, and that with its input: even if we are killed.
        self._holder = subprocess.Popen(
            new_namespaces("echo; cat"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
        )
        assert self._holder.stdout is not None
        self._holder.stdout.readline()  # now they are as they shall be
        self._clear()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._holder is not None
        assert self._lock is not None
        self._clear()
        self._holder.communicate(timeout=60)
        self._lock.close()

    def build(self, tag: str, dockerfile: Path, context: Path, *options: str) -> float:
        """Build an image on the machine's network, from layers of earlier runs; return the seconds it took."""
        started = time.monotonic()
        command = ["buildah", "bud", "--isolation=chroot", "--pull=never", "--format=docker", "--layers"]
        command += [*options, f"--tag={tag}", f"--file={dockerfile}", str(context)]
        self.inside(command, seconds=_BUILD_SECONDS, network=False)
        return time.monotonic() - started

    def podman(self, *arguments: str, check: bool = True) -> str:
        """Run ``podman ARGUMENTS`` and return what it prints."""
        return self.inside(["podman", *arguments], check=check).stdout.strip()

    def has(self, image: str) -> bool:
        """Return whether ``image`` is in the store."""
        return self.inside(["podman", "image", "exists", image], check=False).returncode == 0

    def size(self, image: str) -> int:
        """Return the bytes of ``image``, its base included."""
        return int(self.podman("image", "inspect", "--format={{.Size}}", image))

    def wait_until_healthy(self, container: str) -> None:
        """Run the container's own health check until it passes, as a daemon's timer would; fail with its log."""
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            if self.inside(["podman", "healthcheck", "run", container], check=False).returncode == 0:
                return
            if self.podman("inspect", "--format={{.State.Running}}", container) != "true":
                break
            time.sleep(0.2)
        log = self.inside(["podman", "logs", container], check=False)
        pytest.fail(f"{container} is not healthy:\n{log.stdout[-3000:]}\n{log.stderr[-3000:]}")

    def ask(self, url: str, *options: str) -> tuple[int, Any]:
        """Ask ``url`` with curl and return status and JSON of the answer; status 0 where nothing listens."""
        done = self.inside(["curl", "--silent", "--write-out", "\n%{http_code}", *options, url], check=False)
        body, _, status = done.stdout.rpartition("\n")
        return int(status), json.loads(body) if body else None

    def inside(
        self, command: list[str], *, check: bool = True, seconds: float = _RUN_SECONDS, network: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Run a command inside the namespaces, without ``network`` in all but that one; fail with its output."""
        assert self._holder is not None
        enter = ["nsenter", f"--target={self._holder.pid}", "--mount", *(["--net"] if network else [])]
        enter += [f"--pid=/proc/{self._holder.pid}/ns/pid_for_children"]
        done = subprocess.run(
            [*enter, f"--wdns={self.folder}", *command],  # where podman leaves a file when memory has run out
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
        if check and done.returncode != 0:
            lines = [line for line in done.stderr.splitlines() if not any(word in line for word in _NOISE)]
            pytest.fail("\n".join([f"{' '.join(command)} ended with {done.returncode}:", done.stdout, *lines]))
        return done

    def _clear(self) -> None:
        """Remove what an earlier run left, or this one made."""
        self.podman("rm", "--force", "--all", "--time=5", check=False)
        self.podman("volume", "rm", "--force", "--all", check=False)
        self.podman("image", "prune", "--force", f"--filter=until={_LAYERS_ARE_KEPT}", check=False)
