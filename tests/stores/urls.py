"""URLs for the collections of tests, which do not exist yet."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path

from search_api.stores import drop_store
from search_api.stores.base import Metric, StoreMissing

MakeUrl = Callable[[Metric], str]


@contextmanager
def server_urls(server: str) -> Iterator[MakeUrl]:
    """Give URLs below ``server``, such as ``milvus://host:port``; what they lead to is dropped in the end."""
    with ExitStack() as stack:

        def make(metric: Metric) -> str:
            url = f"{server}/images_{secrets.token_hex(6)}"
            stack.callback(drop_if_there, url)
            return _with(metric, url)

        yield make


def file_urls(scheme: str, folder: Path) -> MakeUrl:
    """Return a maker of URLs of files, each in a folder of its own below ``folder``."""
    numbers = count()
    return lambda metric: _with(metric, f"{scheme}://{folder}/{next(numbers)} collection/images.db")


def _with(metric: Metric, url: str) -> str:
    return url if metric == "cosine" else f"{url}?metric={metric}"


def drop_if_there(url: str) -> None:
    """Drop what ``url`` leads to, if it leads anywhere."""
    with suppress(StoreMissing):
        drop_store(url)
