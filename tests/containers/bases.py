"""Stand-ins for the images that ours are made from: no registry is asked, a small Debian is put together instead."""

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from tests.containers.engine import Engine
from tests.servers.downloads import unpacked
from tests.servers.elasticsearch import RELEASES
from tests.servers.java import installed_jdk

STAND_INS = Path(__file__).with_name("stand_ins")
PYTHON = "docker.io/library/python:3.11-slim"
TENSORFLOW = "docker.io/tensorflow/tensorflow:2.21.0-gpu"
ELASTICSEARCH = f"docker.elastic.co/elasticsearch/elasticsearch:{RELEASES['9'].version}"

_BOOKWORM = "localhost/stand-in/bookworm"
_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


def make_python(engine: Engine) -> None:
    """Build the stand-in for Python's slim image."""
    _make_bookworm(engine)
    engine.build(PYTHON, STAND_INS / "python.Dockerfile", STAND_INS)


def make_tensorflow(engine: Engine) -> None:
    """Build the stand-in for TensorFlow's GPU image."""
    _make_bookworm(engine)
    engine.build(TENSORFLOW, STAND_INS / "tensorflow.Dockerfile", STAND_INS)


def make_elasticsearch(engine: Engine) -> None:
    """Build the stand-in for Elasticsearch's image around the real server and a Java of this machine."""
    home, java = unpacked(RELEASES["9"].server), installed_jdk(21).resolve()
    _make_bookworm(engine)
    contexts = (f"--build-context=home={home}", f"--build-context=java={java}")
    engine.build(ELASTICSEARCH, STAND_INS / "elasticsearch.Dockerfile", STAND_INS, *contexts)


def _make_bookworm(engine: Engine) -> None:
    """Make a minimal Debian 12 with its Python, once. It has this machine's certificates, for the package indexes."""
    if engine.has(_BOOKWORM):
        return
    with tempfile.TemporaryDirectory(dir=engine.folder) as folder:
        root = Path(folder, "root")
        command = ["debootstrap", "--variant=minbase", "--include=ca-certificates,python3,python3-venv", "bookworm"]
        done = subprocess.run([*command, str(root)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            pytest.skip(f"debootstrap cannot fetch Debian: {done.stdout[-400:]}")
        for leftovers in ("var/cache/apt/archives", "var/lib/apt/lists"):
            shutil.rmtree(root / leftovers)
            (root / leftovers / "partial").mkdir(parents=True)
        if _CERTIFICATES.exists():
            shutil.copy(_CERTIFICATES, root / _CERTIFICATES.relative_to("/"))
        (root / "etc" / "pip.conf").write_text(f"[global]\ncert = {_CERTIFICATES}\n")
        archive = Path(folder, "root.tar")
        subprocess.run(["tar", "-C", str(root), "--numeric-owner", "-cf", str(archive), "."], check=True)
        engine.podman("import", "--quiet", str(archive), _BOOKWORM)
