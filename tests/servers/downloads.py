"""Servers and their Java from Maven Central, unpacked once into the cache."""

import fcntl
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pooch
import pytest
import requests

from tests.paths import CACHE

_CENTRAL = "https://repo1.maven.org/maven2"
_CONNECT_AND_READ_SECONDS = (10, 60)


@dataclass(frozen=True)
class Archive:
    """A zip on Maven Central, of which the folder ``part`` is wanted."""

    name: str
    path: str
    sha256: str
    part: str


def unpacked(archive: Archive) -> Path:
    """Return the folder with the wanted part; downloads it the first time, and skips the test where that fails."""
    home = CACHE / "servers" / archive.name
    with _alone(home):
        if not home.exists():
            try:
                _download(archive, home)
            except (requests.RequestException, OSError) as error:
                pytest.skip(f"{archive.name} cannot be downloaded: {error}")
    return home


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Hold the lock of ``home``, so that one process at a time unpacks it."""
    home.parent.mkdir(parents=True, exist_ok=True)
    with home.with_name(f"{home.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _download(archive: Archive, home: Path) -> None:
    downloader = pooch.HTTPDownloader(timeout=_CONNECT_AND_READ_SECONDS)
    with tempfile.TemporaryDirectory(dir=home.parent) as folder:
        url = f"{_CENTRAL}/{archive.path}"
        file = pooch.retrieve(url, f"sha256:{archive.sha256}", "archive.zip", folder, downloader=downloader)
        _unpack(Path(file), archive.part, Path(folder))
        shutil.move(Path(folder, archive.part), home)


def _unpack(file: Path, part: str, folder: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            if member.filename.startswith(f"{part}/"):
                path = Path(archive.extract(member, folder))
                mode = member.external_attr >> 16
                if path.is_file() and mode & stat.S_IXUSR:
                    path.chmod(stat.S_IMODE(mode))
