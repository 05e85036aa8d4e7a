"""A client for one or several Elasticsearch nodes, and the check that it is a version that is spoken here."""

import base64
import ssl
from pathlib import Path
from typing import Any

from elastic_transport import Urllib3HttpNode
from elastic_transport.client_utils import DEFAULT
from elasticsearch import Elasticsearch, OrjsonSerializer, UnsupportedProductError

from search_api.stores.base import StoreUnavailable
from search_api.stores.elastic.url import ElasticUrl

MIN_VERSION, NEXT_MAJOR = (8, 16), 10  # earlier 8s lack what ann searches ask for
_CONNECTIONS = 32  # searches at the same time, for each node


def connect(url: ElasticUrl) -> Elasticsearch:
    """A client; nothing is sent yet. Raises StoreUnavailable for a certificate authority that is none."""
    if url.ca is not None:
        _check_authority(url.ca)
    return Elasticsearch(
        list(url.hosts),
        basic_auth=None if url.user is None else _encoded(url.user, url.password),
        api_key=url.api_key,
        request_timeout=url.timeout,
        connections_per_node=_CONNECTIONS,
        max_retries=len(url.hosts),  # a connection that broke while idle, or a node that is away, is tried again
        retry_on_status=(),
        retry_on_timeout=False,
        serializer=OrjsonSerializer(),
        ca_certs=DEFAULT if url.ca is None else str(url.ca),
        node_class=_Node,
    )


def read_version(client: Elasticsearch, display_name: str) -> tuple[int, int]:
    """Major and minor version of the server; raises StoreUnavailable for one that is not spoken here."""
    number = str(client.info()["version"]["number"])
    major, minor = (int(part) for part in number.split(".")[:2])
    if not MIN_VERSION <= (major, minor) < (NEXT_MAJOR, 0):
        raise StoreUnavailable(f"This is Elasticsearch {number} ({display_name}): take 9, or 8 from 8.16 on.")
    return major, minor


def _check_authority(file: Path) -> None:
    if not file.is_file():
        raise StoreUnavailable(f"There is no file {file}, which ?ca= names as certificate authority.")
    try:
        ssl.create_default_context(cafile=file)
    except OSError as error:
        raise StoreUnavailable(
            f"{file}, which ?ca= names as certificate authority, is no certificate in PEM that can be read."
        ) from error


def _encoded(user: str, password: str) -> str:
    """As RFC 7617 has it in UTF-8; the client itself takes ASCII only."""
    return base64.b64encode(f"{user}:{password}".encode()).decode()


class _Node(Urllib3HttpNode):
    """Takes Elasticsearch's own answers: a proxy before it may answer in its place, at any time and with status 200."""

    def perform_request(self, *args: Any, **kwargs: Any) -> Any:
        answer = super().perform_request(*args, **kwargs)
        if 200 <= answer.meta.status < 300 and answer.meta.headers.get("x-elastic-product") != "Elasticsearch":
            raise UnsupportedProductError("not Elasticsearch", meta=answer.meta, body=None)
        return answer
