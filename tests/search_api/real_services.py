"""Both services with a real network, around a folder of photos that is ingested over HTTP."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.answers import assert_success
from tests.ingest.command import Done, Ingest
from tests.servers.process import Service


@dataclass(frozen=True)
class Pair:
    """An extractor, and a search service whose pictures lie below ``root``."""

    extractor: Service
    search: Service
    index: Path
    root: Path

    def ingest(self, folder: Path) -> Done:
        """Index what is below ``folder``."""
        return Ingest(f"embedded://{self.index}", self.extractor.url).run(folder, "--root", self.root)

    def find(self, picture: bytes, **fields: object) -> Any:
        """The ``data`` of a search by upload."""
        texts = {name: str(value) for name, value in fields.items()}
        upload = {"file": ("a photo", picture)}
        return assert_success(requests.post(f"{self.search.url}/searchByImage", files=upload, data=texts, timeout=60))


def make_pair(extractor: Service, root: Path, work: Path) -> Pair:
    """The search service is not started yet; its index is ``images.db`` in ``work``."""
    settings = {
        "STORE_URL": f"embedded://{work}/images.db",
        "EXTRACTOR_URL": extractor.url,
        "IMAGE_ROOT": str(root),
        "CACHE_DIR": str(work),
    }
    search = Service("search_api.wsgi", "SEARCH", settings, work / "log")
    return Pair(extractor, search, work / "images.db", root)
