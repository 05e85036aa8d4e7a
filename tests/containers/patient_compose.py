"""podman-compose with two things that only Docker Compose does: ``python patient_compose.py ARGUMENTS``.

A dependency with ``required: false`` may be of a profile that is off; and ``service_healthy`` is waited for. It leaves
the latter to podman and systemd, but Debian's podman cannot wait, and without systemd nothing runs health checks.
"""

import asyncio
import importlib
from subprocess import CalledProcessError
from typing import Any

_BETWEEN_CHECKS = 0.5

_ours: Any = importlib.import_module("podman_compose")
_flat_deps = _ours.flat_deps


def main() -> None:
    _ours.flat_deps = _flat_deps_of_known
    _ours.check_dep_conditions = _wait_for_health
    _ours.main()


def _flat_deps_of_known(services: dict[str, dict[str, Any]], with_extends: bool = False) -> None:
    for service in services.values():
        wanted = service.get("depends_on", {}).items()
        service["depends_on"] = {name: how for name, how in wanted if name in services or how.get("required", True)}
    _flat_deps(services, with_extends)


async def _wait_for_health(compose: Any, dependencies: set[Any]) -> None:
    for dependency in dependencies:
        for name in compose.container_names_by_service[dependency.name]:
            while dependency.condition.value == "healthy" and not await _is_healthy(compose, name):
                await asyncio.sleep(_BETWEEN_CHECKS)


async def _is_healthy(compose: Any, name: str) -> bool:
    try:
        await compose.podman.output([], "healthcheck", ["run", name])
    except CalledProcessError:
        return False
    return True


if __name__ == "__main__":
    main()
