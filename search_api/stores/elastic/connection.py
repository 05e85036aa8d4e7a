"""A client for one or several Elasticsearch nodes, and the check that it is a version that is spoken here."""

from elastic_transport.client_utils import DEFAULT
from elasticsearch import Elasticsearch, OrjsonSerializer

from search_api.stores.base import StoreUnavailable
from search_api.stores.url import ElasticUrl

MAJORS = (8, 9)
_CONNECTIONS = 32  # searches at the same time, for each node


def connect(url: ElasticUrl) -> Elasticsearch:
    """A client; nothing is sent yet. Raises StoreUnavailable when the file of the certificate authority is missing."""
    if url.ca is not None and not url.ca.is_file():
        raise StoreUnavailable(f"There is no file {url.ca}, which ?ca= names as certificate authority.")
    return Elasticsearch(
        list(url.hosts),
        basic_auth=None if url.user is None else (url.user, url.password),
        api_key=url.api_key,
        request_timeout=url.timeout,
        connections_per_node=_CONNECTIONS,
        max_retries=len(url.hosts),  # a connection that broke while idle, or a node that is away, is tried again
        retry_on_status=(),
        retry_on_timeout=False,
        serializer=OrjsonSerializer(),
        ca_certs=DEFAULT if url.ca is None else str(url.ca),
    )


def read_version(client: Elasticsearch, shown: str) -> tuple[int, int]:
    """Major and minor version of the server; raises StoreUnavailable for one that is not spoken here."""
    number = str(client.info()["version"]["number"])
    major, minor = (int(part) for part in number.split(".")[:2])
    if major not in MAJORS:
        raise StoreUnavailable(f"This is Elasticsearch {number} ({shown}); versions 8 and 9 are spoken here.")
    return major, minor
