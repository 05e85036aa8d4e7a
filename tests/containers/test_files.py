"""The Dockerfiles, the compose file and its settings, as their linters see them."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.paths import ROOT


def _program(name: str) -> Path:
    path = Path(sys.executable).with_name(name)
    if not path.exists():
        pytest.skip(f"{path} is absent: run make test-containers, which installs it")
    return path


@pytest.mark.parametrize("dockerfile", ["Dockerfile.extractor", "Dockerfile.search"])
def test_hadolint_has_nothing_to_say(dockerfile: str) -> None:
    done = subprocess.run([_program("hadolint"), ROOT / dockerfile], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_compose_file_follows_the_schema() -> None:
    command = [str(_program("check-jsonschema")), "--builtin-schema=compose-spec", str(ROOT / "docker-compose.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_example_of_settings_names_every_variable_of_the_compose_file() -> None:
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    named = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    assert named == used | {"COMPOSE_PROFILES"}


def test_the_example_of_settings_holds_no_secret() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    assert {"ELASTIC_PASSWORD=", "SEARCH_API_KEY="} <= set(lines)
