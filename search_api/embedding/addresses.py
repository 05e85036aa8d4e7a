"""The addresses of the extractors: checked, taken in turn, shown without secrets."""

import itertools
import threading
from collections.abc import Sequence
from urllib.parse import urlsplit

from search_api.embedding.errors import BadAddress


class Addresses:
    """One or several addresses that share the load; used by any number of threads."""

    def __init__(self, urls: Sequence[str]) -> None:
        """Check ``urls``; raises BadAddress, for none at all too."""
        self._urls = [_checked(url) for url in urls or [""]]
        self._turn = itertools.cycle(range(len(self._urls)))
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._urls)

    def rotation(self) -> list[str]:
        """Return all addresses, beginning with the next one each time."""
        with self._lock:
            first = next(self._turn)
        return self._urls[first:] + self._urls[:first]


def display_name(url: str) -> str:
    """Return host and port of ``url``, without the user and password that may be in it: clients see it."""
    parts = urlsplit(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise BadAddress(f"{url!r} is not the address of an extractor: use one such as http://127.0.0.1:5004.")
    return url.rstrip("/")
