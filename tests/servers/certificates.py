"""Certificates that nobody else trusts, made by openssl."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import pytest

_DAYS = "2"
_USES = ("subjectAltName=IP:127.0.0.1", "keyUsage=critical,digitalSignature,keyCertSign")


@dataclass(frozen=True)
class Certificate:
    """A server's certificate for 127.0.0.1, which is its own authority, and its key: both PEM files."""

    certificate: Path
    key: Path

    @classmethod
    def make(cls, folder: Path) -> Self:
        """Make a certificate in ``folder``; skips the test where openssl is absent."""
        if shutil.which("openssl") is None:
            pytest.skip("openssl, which makes the certificates of this test, is absent")
        folder.mkdir(parents=True, exist_ok=True)
        made = cls(folder / "http.crt", folder / "http.key")
        command = ["openssl", "req", "-x509", "-nodes", "-days", _DAYS, "-subj", "/CN=image search tests"]
        command += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
        command += ["-keyout", str(made.key), "-out", str(made.certificate)]
        command += [part for use in _USES for part in ("-addext", use)]
        subprocess.run(command, check=True, capture_output=True)
        return made
