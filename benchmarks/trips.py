"""``python -m benchmarks.trips``: the files that an upload, an ingest and a job enter, in order.

A file is entered by a call from another one. It is entered again when such a call comes while it still waits further up
the stack: a callback, which a reader has to follow back. The extractor is a process of its own and is left out.
"""

import io
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

from benchmarks.running import service
from scripts import ingest
from scripts.sample import bundled_photographs
from search_api.settings import SearchSettings
from search_api.wsgi import create

_ROOT = Path(__file__).resolve().parent.parent
_TRACED = tuple(f"{_ROOT / package}/" for package in ("search_api", "serving", "wire", "imaging", "scripts"))
_WAIT_SECONDS = 0.05


class Trip:
    """The files that were entered while it was recorded, in any thread."""

    def __init__(self) -> None:
        self.entered: list[str] = []
        self.again: list[str] = []
        self._lock = threading.Lock()

    @contextmanager
    def recorded(self) -> Iterator[None]:
        """Record the files entered until the end of the block."""
        threading.setprofile(self._note)
        sys.setprofile(self._note)
        try:
            yield
        finally:
            sys.setprofile(None)
            threading.setprofile(None)

    def _note(self, frame: FrameType, event: str, _: Any) -> None:
        file = frame.f_code.co_filename
        if event != "call" or not file.startswith(_TRACED) or frame.f_code.co_name == "<module>":
            return
        callers = list(_files_above(frame))
        if callers and callers[0] == file:
            return
        name = file.removeprefix(f"{_ROOT}/")
        with self._lock:
            if name not in self.entered:
                self.entered.append(name)
            if file in callers and name not in self.again:
                self.again.append(name)


def _files_above(frame: FrameType) -> Iterator[str]:
    """Yield the project's files on the stack above ``frame``, the nearest first."""
    above = frame.f_back
    while above is not None:
        if above.f_code.co_filename.startswith(_TRACED):
            yield above.f_code.co_filename
        above = above.f_back


def main() -> int:
    with tempfile.TemporaryDirectory() as scratch, service("extractor.wsgi", "EXTRACTOR", _model()) as extractor:
        settings = SearchSettings(
            store_url=f"embedded://{scratch}/images.db",
            extractor_url=extractor.url,
            image_root=bundled_photographs()[0].parent,
            upload_dir=Path(scratch),
            jobs_dir=Path(scratch, "jobs"),
            cache_dir=Path(scratch),
        )
        _show("scripts.ingest", _ingest(settings))
        client = create(settings).test_client()
        _show("POST /jobs", _job(client))
        _show("POST /searchByImage", _upload(client))
    return 0


def _model() -> dict[str, str]:
    return {"MODEL": "efficientnet_lite0"}


def _ingest(settings: SearchSettings) -> Trip:
    trip = Trip()
    folder = str(settings.image_root)
    arguments = ["ingest", folder, "--store", settings.store_url, "--extractor", settings.extractor_url, "--prune"]
    silent = io.StringIO()
    with patch.object(sys, "argv", arguments), redirect_stdout(silent), redirect_stderr(silent), trip.recorded():
        ingest.main()
    return trip


def _job(client: Any) -> Trip:
    trip = Trip()
    with trip.recorded():
        id_ = client.post("/jobs", json={"path": "", "prune": True}).get_json()["data"]["id"]
    _wait_for(lambda: client.get(f"/jobs/{id_}").get_json()["data"]["state"] == "done")
    return trip


def _upload(client: Any) -> Trip:
    photo = bundled_photographs()[0]

    def search() -> None:
        with photo.open("rb") as file:
            assert client.post("/searchByImage", data={"file": (file, photo.name)}).status_code == 200

    search()  # opens the store, once
    trip = Trip()
    with trip.recorded():
        search()
    return trip


def _wait_for(done: Callable[[], bool]) -> None:
    while not done():
        time.sleep(_WAIT_SECONDS)


def _show(name: str, trip: Trip) -> None:
    print(f"{name}: {len(trip.entered)} files entered, {len(trip.again)} entered again by a callback")
    print("  " + " > ".join(trip.entered))
    if trip.again:
        print("  again: " + ", ".join(trip.again))


if __name__ == "__main__":
    sys.exit(main())
