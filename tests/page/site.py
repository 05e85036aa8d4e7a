"""The service behind the page, and what tests put into it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import requests

from search_api.stores.url import with_collection
from tests.answers import assert_success
from tests.ingest.album import fill, image
from tests.search_api.gallery import index
from tests.servers.process import Service
from tests.servers.search_service import search_service

MAX_BYTES = 1 << 20
_START_SECONDS = 120


@dataclass(frozen=True)
class Site:
    """A search service whose page is visited; its folders to index lie below ``root``."""

    search: Service
    root: Path
    store: str

    @contextmanager
    def running(self) -> Iterator[Self]:
        """Start the service, whether or not there is an index yet, and stop it at the end."""
        self.search.start(wait=False)
        try:
            self._wait()
            yield self
        finally:
            self.search.stop()

    def _wait(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while True:
            try:
                requests.get(f"{self.search.url}/healthz", timeout=30).raise_for_status()
                return
            except requests.ConnectionError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def get(self, route: str) -> Any:
        """Return the ``data`` of what ``route`` answers."""
        return assert_success(requests.get(f"{self.search.url}/{route}", timeout=60))

    def count(self) -> int:
        """Return how many images there are."""
        return int(self.get("collections")["collections"][0]["images"])

    def empty(self) -> None:
        """Delete all images and forget all jobs."""
        for job in self.get("jobs")["jobs"]:
            requests.delete(f"{self.search.url}/jobs/{job['id']}", timeout=60)
        if count := self.count():
            requests.delete(f"{self.search.url}/images?confirm={count}", timeout=60).raise_for_status()

    def index_beside(self, *, shoes: int, default: int) -> None:
        """Index so many images of the root into the collection ``shoes``, and so many into the default one."""
        fill(self.root, shoes)
        index(self.root, with_collection(self.store, "shoes"))
        fill(self.root, default)
        index(self.root, self.store)

    def add(self, numbers: range) -> None:
        """Add images by their numbers."""
        files = [("file", (f"{number:04}.jpg", image(number))) for number in numbers]
        assert_success(requests.post(f"{self.search.url}/images", files=files, timeout=60))


def make_site(folder: Path, extractor_url: str, root: Path, store: str, **settings: str) -> Site:
    """Return a service that is not started yet and keeps everything of its own in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    usual = {"EXTRACTOR_DEADLINE": "1", "MAX_BYTES": str(MAX_BYTES)}
    return Site(search_service(folder, store, extractor_url, root, **(usual | settings)), root, store)
