"""Collections created while other tests run: Milvus takes three seconds for one, and no longer for several."""

import secrets
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from types import TracebackType
from typing import Self

from search_api.stores import create_store
from tests.stores.samples import DIM, FINGERPRINT
from tests.stores.urls import drop_if_there

_AHEAD = 6


class Ahead:
    """Empty collections of metric cosine below ``server``; use as a context manager."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._makers = ThreadPoolExecutor(_AHEAD)
        self._coming: deque[Future[str]] = deque()

    @contextmanager
    def one(self) -> Iterator[str]:
        """Give the URL of one that no other test gets; it is dropped afterwards."""
        while len(self._coming) <= _AHEAD:
            self._coming.append(self._makers.submit(self._make))
        url = self._coming.popleft().result()
        yield url
        drop_if_there(url)

    def _make(self) -> str:
        url = f"{self._server}/images_{secrets.token_hex(6)}"
        create_store(url, FINGERPRINT, DIM).close()
        return url

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._makers.shutdown()
        for made in self._coming:
            drop_if_there(made.result())
