"""A client for one or several Elasticsearch nodes, and the check that they are of a supported version."""

import base64
from typing import Any

from elastic_transport import Urllib3HttpNode
from elastic_transport.client_utils import DEFAULT
from elasticsearch import Elasticsearch, OrjsonSerializer, UnsupportedProductError

from search_api.stores.base import StoreUnavailable
from search_api.stores.elastic.url import ElasticUrl
from search_api.stores.tls import check_authority

MIN_VERSION, NEXT_MAJOR = (8, 16), 10  # earlier 8s lack what ann searches ask for
_CONNECTIONS = 32  # searches at the same time, for each node


def connect(url: ElasticUrl) -> Elasticsearch:
    """Return a client, which has sent nothing yet; raises StoreUnavailable for an unusable certificate authority."""
    if url.ca is not None:
        check_authority(url.ca)
    return Elasticsearch(
        list(url.hosts),
        basic_auth=None if url.user is None else _basic_credentials(url.user, url.password),
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
    """Return the server's major and minor version; raises StoreUnavailable for one that is not supported."""
    number = str(client.info()["version"]["number"])
    major, minor = (int(part) for part in number.split(".")[:2])
    if not MIN_VERSION <= (major, minor) < (NEXT_MAJOR, 0):
        raise StoreUnavailable(f"This is Elasticsearch {number} ({display_name}): use 9, or 8.16 or a later 8.")
    return major, minor


def _basic_credentials(user: str, password: str) -> str:
    """Return the Basic credentials of RFC 7617 in UTF-8; the client itself encodes ASCII only."""
    return base64.b64encode(f"{user}:{password}".encode()).decode()


class _Node(Urllib3HttpNode):
    """Accepts Elasticsearch's own answers only: a proxy in front may answer instead, at any time, with status 200."""

    def perform_request(self, *args: Any, **kwargs: Any) -> Any:
        answer = super().perform_request(*args, **kwargs)
        if 200 <= answer.meta.status < 300 and answer.meta.headers.get("x-elastic-product") != "Elasticsearch":
            raise UnsupportedProductError("not Elasticsearch", meta=answer.meta, body=None)
        return answer
