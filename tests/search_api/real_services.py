"""Both services with a real network, around a folder of photos that is ingested over HTTP."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests

from tests.answers import assert_success
from tests.ingest.command import Done, Ingest
from tests.servers.process import Service
from tests.servers.search_service import search_service


@dataclass(frozen=True)
class Pair:
    """An extractor, and a search service whose images lie below ``root``."""

    extractor: Service
    search: Service
    store: str
    root: Path

    def ingest(self, folder: Path) -> Done:
        """Index what is below ``folder``."""
        return Ingest(self.store, self.extractor.url).run(folder, "--root", self.root)

    def search_by_image(self, image: bytes, **fields: object) -> Any:
        """Return the ``data`` of a search by upload."""
        texts = {name: str(value) for name, value in fields.items()}
        upload = {"file": ("a photo", image)}
        return assert_success(requests.post(f"{self.search.url}/searchByImage", files=upload, data=texts, timeout=60))

    def search_by_id(self, id_: str, **fields: object) -> Any:
        """Return the ``data`` of a search by the image ``id_``."""
        return assert_success(requests.post(f"{self.search.url}/searchById", json={"id": id_, **fields}, timeout=60))


def make_pair(extractor: Service, root: Path, work: Path, store: str = "") -> Pair:
    """Return both services, the search service not yet started; without ``store`` it is embedded, below ``work``."""
    store = store or f"embedded://{work}/images.db"
    return Pair(extractor, search_service(work, store, extractor.url, root), store, root)
