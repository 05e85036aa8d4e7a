"""A client for a Milvus server or a file of milvus-lite."""

import logging
from contextlib import AbstractContextManager, nullcontext
from typing import Self

from pymilvus import MilvusClient

from search_api.stores.milvus.errors import store_missing, translate_errors
from search_api.stores.milvus.lite import open_files
from search_api.stores.milvus.url import MilvusUrl
from search_api.stores.tls import check_authority

_CONNECT_SECONDS = 5
_CHANNEL = {
    # The default is up to two minutes, for new connections too, after which a server that is back is tried again.
    "grpc.max_reconnect_backoff_ms": 1_000,
    "grpc.use_local_subchannel_pool": 1,
}


class Connection:
    """A connected ``client``; a context manager. Hold ``writing`` while you write: a file has one writer at a time."""

    def __init__(self, client: MilvusClient, url: MilvusUrl, writing: AbstractContextManager[object]) -> None:
        self.client = client
        self.url = url
        self.writing = writing
        self._open = True

    @property
    def lite(self) -> bool:
        """Whether this is a file of milvus-lite and not a server."""
        return self.url.file is not None

    def close(self) -> None:
        """Close the client, and the file if nothing else in this process uses it."""
        was_open, self._open = self._open, False
        self.client.close()
        if was_open and self.url.file is not None:
            open_files().leave(self.url.file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def connect(url: MilvusUrl, *, create: bool = False) -> Connection:
    """Connect; raises StoreUnavailable, or StoreMissing for a file that does not exist unless ``create`` is set."""
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # every failure is raised, with a sentence of ours
    if url.file is None:
        login = f"{url.user}:{url.password}" if url.user else ""
        return Connection(_client(url.server, login, url.display_name, **_tls(url)), url, nullcontext())
    if not create and not url.file.exists():
        raise store_missing(url.display_name)
    opened = open_files().use(url.file)
    try:
        return Connection(_client(opened.address, "", url.display_name), url, opened.writing)
    except BaseException:
        open_files().leave(url.file)
        raise


def _client(address: str, login: str, display_name: str, **tls: str) -> MilvusClient:
    with translate_errors(display_name):
        return MilvusClient(
            address, token=login, timeout=_CONNECT_SECONDS, dedicated=True, grpc_options=_CHANNEL, **tls
        )


def _tls(url: MilvusUrl) -> dict[str, str]:
    """Return the client's options for the certificate authority of ``url``; raises StoreUnavailable for a bad one."""
    if url.ca is None:
        return {}
    check_authority(url.ca)
    return {"server_pem_path": str(url.ca)}
