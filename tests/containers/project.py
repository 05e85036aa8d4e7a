"""docker-compose.yml as a project on the engine: podman-compose, settings made of .env.example, and no GPU."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.containers.bases import STAND_INS
from tests.containers.engine import Engine
from tests.paths import ROOT

_COMPOSE = Path(__file__).with_name("patient_compose.py")
_BUILDING = "--podman-build-args=--isolation=chroot --pull=never --format=docker --network=host --layers"


@dataclass(frozen=True)
class Project:
    """The services of the compose file, with the settings in the file ``env``."""

    engine: Engine
    env: Path

    def build(self, *services: str) -> None:
        """Build images as the compose file says, on the machine's network."""
        self._compose([_BUILDING, "--profile=tools", "build", *services], network=False)

    def up(self) -> None:
        """Start the services one after the other, each when those that it needs are healthy."""
        self._compose(["up", "--detach", "--no-build"])

    def down(self) -> None:
        """Remove the containers, not the volumes."""
        self._compose(["down", "--timeout=40"])

    def run(self, service: str, *arguments: str) -> str:
        """Run a one-off container of ``service`` and return what it prints."""
        return self._compose([f"--profile={service}", "run", "--rm", "-T", service, *arguments]).stdout

    def container(self, service: str) -> str:
        """Return the name of the container of ``service``."""
        return f"image-search_{service}_1"

    def refusal(self) -> str:
        """Return the error of podman-compose when these settings do not fit the compose file; empty when they do."""
        done = self._compose(["config"], check=False)
        return done.stderr if done.returncode != 0 else ""

    def _compose(
        self, arguments: list[str], *, network: bool = True, check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        files = (ROOT / "docker-compose.yml", STAND_INS / "compose.yml")
        command = [sys.executable, "-P", str(_COMPOSE), f"--env-file={self.env}", *(f"--file={file}" for file in files)]
        return self.engine.inside([*command, *arguments], network=network, check=check)


def settings(folder: Path, **values: str) -> Path:
    """Write .env.example with ``values`` in place of its own to ``folder`` and return its path."""
    lines = [line for line in (ROOT / ".env.example").read_text().splitlines() if line.partition("=")[0] not in values]
    lines += [f"{name}={value}" for name, value in values.items()]
    env = folder / "env"
    env.write_text("\n".join(lines) + "\n")
    return env


def need_compose() -> None:
    """Skip the test where podman-compose is not installed."""
    pytest.importorskip("podman_compose", reason="podman-compose is absent: run make test-containers")
