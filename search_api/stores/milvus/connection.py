"""A client for a Milvus server or a file of milvus-lite."""

import logging
import ssl
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Self

from pymilvus import MilvusClient

from search_api.stores.base import StoreUnavailable
from search_api.stores.milvus.errors import missing, translate_errors
from search_api.stores.milvus.lite import open_files
from search_api.stores.milvus.url import MilvusUrl

_CONNECT_SECONDS = 5
_CHANNEL = {
    # Else a server that comes back is tried again after up to two minutes, by new connections, too.
    "grpc.max_reconnect_backoff_ms": 1_000,
    "grpc.use_local_subchannel_pool": 1,
}


class Connection:
    """A connected ``client``. ``writing`` is held by whoever writes, where one at a time may; a context manager."""

    def __init__(self, client: MilvusClient, url: MilvusUrl, writing: AbstractContextManager[object]) -> None:
        self.client = client
        self.url = url
        self.writing = writing
        self._open = True

    @property
    def lite(self) -> bool:
        """Whether this is a file of milvus-lite."""
        return self.url.file is not None

    def close(self) -> None:
        """Close it, and a file that nobody else in this process uses."""
        was_open, self._open = self._open, False
        self.client.close()
        if was_open and self.url.file is not None:
            open_files().leave(self.url.file)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def connect(url: MilvusUrl, *, make: bool = False) -> Connection:
    """Connect; raises StoreUnavailable, or StoreMissing for a file that is not there unless it is to be made."""
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)  # every failure is raised, and there it has its sentence
    if url.file is None:
        login = f"{url.user}:{url.password}" if url.user else ""
        trusting = {} if url.ca is None else {"server_pem_path": _checked(url.ca)}
        return Connection(_client(url.server, login, url.display_name, **trusting), url, nullcontext())
    if not make and not url.file.exists():
        raise missing(url.display_name)
    opened = open_files().use(url.file)
    try:
        return Connection(_client(opened.address, "", url.display_name), url, opened.writing)
    except BaseException:
        open_files().leave(url.file)
        raise


def _client(address: str, login: str, display_name: str, **trusting: str) -> MilvusClient:
    with translate_errors(display_name):
        return MilvusClient(
            address, token=login, timeout=_CONNECT_SECONDS, dedicated=True, grpc_options=_CHANNEL, **trusting
        )


def _checked(authority: Path) -> str:
    """Raise StoreUnavailable for a certificate authority that is none."""
    if not authority.is_file():
        raise StoreUnavailable(f"There is no file {authority}, which ?ca= names as certificate authority.")
    try:
        ssl.create_default_context(cafile=authority)
    except OSError as error:
        raise StoreUnavailable(
            f"{authority}, which ?ca= names as certificate authority, is no certificate in PEM that can be read."
        ) from error
    return str(authority)
