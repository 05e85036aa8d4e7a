"""Writes the configuration of an Elasticsearch node of the tests, made from the one that it comes with."""

import base64
import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from tests.servers.certificates import Certificate

_ALWAYS = {
    "network.host": "127.0.0.1",
    "discovery.type": "single-node",
    "cluster.routing.allocation.disk.threshold_enabled": "false",
    "xpack.security.transport.ssl.enabled": "false",
    "xpack.security.enrollment.enabled": "false",
}
_ITERATIONS = 10_000


def write_config(config: Path, home: Path, settings: Mapping[str, object], certificate: Certificate | None) -> None:
    """Make the folder ``config``, and beside it those that a node writes to; with a ``certificate`` it speaks TLS."""
    shutil.copytree(home / "config", config)
    for name in ("tmp", "logs"):
        (config.parent / name).mkdir()
    options = config / "jvm.options"
    lines = options.read_text().splitlines()
    options.write_text("\n".join(line for line in lines if "-Xlog:gc" not in line))
    every = {**_ALWAYS, **settings, "xpack.security.http.ssl.enabled": str(certificate is not None).lower()}
    if certificate is not None:
        shutil.copy(certificate.certificate, config / "http.crt")
        shutil.copy(certificate.key, config / "http.key")
        every |= {"xpack.security.http.ssl.certificate": "http.crt", "xpack.security.http.ssl.key": "http.key"}
    (config / "elasticsearch.yml").write_text("".join(f"{name}: {value}\n" for name, value in every.items()))


def add_administrator(config: Path, user: str, password: str) -> None:
    """Add ``user`` as a superuser."""
    (config / "users").write_text(f"{user}:{_hashed(password)}\n")
    (config / "users_roles").write_text(f"superuser:{user}\n")


def _hashed(password: str) -> str:
    """Return ``password`` as the file realm keeps it: PBKDF2 with SHA-512."""
    salt = os.urandom(32)
    key = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, _ITERATIONS, 32)
    return f"{{PBKDF2}}{_ITERATIONS}${base64.b64encode(salt).decode()}${base64.b64encode(key).decode()}"
