"""pyproject.toml, uv.lock and the requirements files that are written from it."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from tests.paths import ROOT

_FILES = (
    "requirements.txt",
    "requirements-demo.txt",
    "requirements-dev.txt",
    "requirements-extractor.txt",
    "requirements-search.txt",
    "requirements-search-full.txt",
)
_UV = [sys.executable, "-m", "uv"]
_NO_NETWORK = {**os.environ, "UV_OFFLINE": "1", "UV_NO_CACHE": "1"}
_REQUIREMENT = re.compile(
    r"^([a-z0-9-]+)==[\w.]+(?: ; [^\\]+)? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.M
)


def _text(file: str) -> str:
    return (ROOT / file).read_text()


def _names(file: str) -> set[str]:
    return {name for name, _ in _REQUIREMENT.findall(_text(file))}


def test_the_lock_is_of_this_pyproject() -> None:
    done = subprocess.run([*_UV, "lock", "--check"], cwd=ROOT, env=_NO_NETWORK, capture_output=True, check=False)
    assert done.returncode == 0, f"uv.lock is stale, run make lock:\n{done.stderr.decode()}"


def test_each_requirements_file_is_what_make_lock_writes(tmp_path: Path) -> None:
    commands = re.findall(r"^\t\$\(LOCKED\) (\S+) (.+)$", _text("Makefile"), re.MULTILINE)
    assert sorted(file for file, _ in commands) == sorted(_FILES)
    stale = []
    for file, options in commands:
        made = tmp_path / file
        command = [*_UV, "export", "--locked", "--no-header", "--quiet", *options.split(), f"--output-file={made}"]
        subprocess.run(command, cwd=ROOT, env=_NO_NETWORK, check=True)
        _, _, written = _text(file).partition(f"--output-file {file} {options}\n")
        if written != made.read_text():
            stale.append(file)
    assert not stale, "run make lock"


def test_there_are_no_other_requirements_files() -> None:
    assert {path.name for path in ROOT.glob("requirements*")} == set(_FILES)


def test_every_requirement_is_pinned_with_hashes() -> None:
    for file in _FILES:
        unmatched = _REQUIREMENT.sub("", _text(file))
        assert [line for line in unmatched.splitlines() if not line.strip().startswith("#")] == [], file


def test_the_images_carry_what_they_need_and_no_more() -> None:
    extractor, search, full = map(
        _names, ("requirements-extractor.txt", "requirements-search.txt", "requirements-search-full.txt")
    )
    assert "openvino" in extractor
    assert not {"tensorflow", "tensorflow-cpu"} & extractor, "the image for a GPU has its base's"
    assert "elasticsearch" in search
    assert not {"pymilvus", "pyarrow", "openvino"} & search
    assert search | {"pymilvus", "milvus-lite", "pyarrow"} <= full


def test_requirements_txt_runs_everything_and_the_demo_needs_no_tensorflow() -> None:
    everything, demo = _names("requirements.txt"), _names("requirements-demo.txt")
    assert all(_names(f"requirements-{part}.txt") <= everything for part in ("demo", "extractor", "search-full"))
    assert {"tensorflow", "tensorflow-cpu", "nncf", "pymilvus"} <= everything - demo
    assert everything <= _names("requirements-dev.txt")


def test_it_is_an_application_and_never_installed_as_a_package() -> None:
    pyproject = tomllib.loads(_text("pyproject.toml"))
    assert pyproject["tool"]["uv"]["package"] is False
    assert "build-system" not in pyproject
    assert set(pyproject["project"]["optional-dependencies"]) == {
        "extractor",
        "tensorflow",
        "int8",
        "elastic",
        "milvus",
        "tools",
    }


def test_the_files_of_the_hosted_ci_follow_their_schemas() -> None:
    checker = Path(sys.executable).with_name("check-jsonschema")
    for schema, file in (("github-workflows", "workflows/ci.yml"), ("dependabot", "dependabot.yml")):
        command = [str(checker), f"--builtin-schema=vendor.{schema}", str(ROOT / ".github" / file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
