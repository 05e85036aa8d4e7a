"""The URL of the Elasticsearch store: a cluster, an index, and credentials."""

import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import SplitResult

from search_api.stores.base import Metric
from search_api.stores.url_parts import (
    BadStoreUrl,
    OptionLimits,
    address_of,
    check_collection_name,
    login_of,
    metric_of,
    numbers_of,
    options_of,
)

SCHEMES = {"elasticsearch": "http", "elasticsearch+https": "https"}
_PORT = 9200
_INDEX = re.compile(r"[a-z0-9][a-z0-9_-]{0,127}")
_API_KEY = re.compile("[A-Za-z0-9+/=_-]+")
_NUMBERS: OptionLimits = {
    "shards": (1, 1_024),
    "replicas": (0, 100),
    "m": (2, 512),
    "ef_construction": (1, 10_000),
    "timeout": (1, 3_600),
}


@dataclass(frozen=True)
class ElasticUrl:
    """An index of an Elasticsearch cluster, credentials, and the options with which the index is created.

    ``hosts`` are whole addresses such as ``http://host:9200``. ``replicas`` None: by the size of the cluster. ``m`` and
    ``ef_construction`` are the options of the HNSW graph; ``timeout`` bounds a request, in seconds.
    """

    hosts: tuple[str, ...]
    index: str
    metric: Metric = "cosine"
    user: str | None = None
    password: str = field(default="", repr=False)
    api_key: str | None = field(default=None, repr=False)
    ca: Path | None = None
    shards: int = 1
    replicas: int | None = None
    m: int = 16
    ef_construction: int = 100
    timeout: int = 120

    @property
    def display_name(self) -> str:
        """Return hosts and index, without credentials."""
        return f"{', '.join(self.hosts)}, index {self.index}"

    def sibling(self, name: str) -> "ElasticUrl":
        """Return the URL of the collection ``name`` beside this one; raises BadStoreUrl for a bad name."""
        check_collection_name(name)
        return replace(self, index=f"{self.index}-{name}")  # an alias, which may be mixed case


def elastic_url(parts: SplitResult) -> ElasticUrl:
    """Return what ``parts`` name; raises BadStoreUrl."""
    user, password, hosts = login_of(parts)
    options = options_of(parts, {"metric", "api_key", "ca", *_NUMBERS})
    index = _valid_index(parts.path.strip("/"))
    if user and "api_key" in options:
        raise BadStoreUrl("A user and an api_key are two ways to log in: give one of them.")
    if not _API_KEY.fullmatch(options.get("api_key", "key")):
        raise BadStoreUrl("api_key is an encoded key as Elasticsearch returns it: letters, digits, +, / and =.")
    if "ca" in options and parts.scheme != "elasticsearch+https":
        raise BadStoreUrl("ca names a certificate authority: use it with elasticsearch+https.")
    return ElasticUrl(
        hosts=tuple(f"{SCHEMES[parts.scheme]}://{address_of(host, _PORT)}" for host in hosts.split(",")),
        index=index,
        metric=metric_of(options),
        user=user,
        password=password,
        api_key=options.get("api_key"),
        ca=Path(options["ca"]) if "ca" in options else None,
        **numbers_of(options, _NUMBERS),
    )


def _valid_index(index: str) -> str:
    if not _INDEX.fullmatch(index):
        raise BadStoreUrl(
            f"{index!r} is not a valid index name: use lowercase letters, digits, _ and -, beginning with a letter or"
            " digit."
        )
    return index
