"""Store URLs: which engine, where, and which options. What an engine's own look like is said in its package."""

import re
from urllib.parse import SplitResult, parse_qsl, urlsplit

from search_api.stores.base import Metric
from search_api.stores.elastic.url import SCHEMES as ELASTIC_SCHEMES
from search_api.stores.elastic.url import ElasticUrl, elastic_url
from search_api.stores.embedded.url import EmbeddedUrl, embedded_url
from search_api.stores.milvus.url import SCHEMES as MILVUS_SCHEMES
from search_api.stores.milvus.url import MilvusUrl, milvus_url
from search_api.stores.url_parts import (
    COLLECTION_OPTION,
    DEFAULT_COLLECTION,
    BadStoreUrl,
    check_collection_name,
    is_collection_name,
)

__all__ = [
    "DEFAULT_COLLECTION",
    "EXAMPLES",
    "BadStoreUrl",
    "ElasticUrl",
    "EmbeddedUrl",
    "MilvusUrl",
    "StoreUrl",
    "base_of",
    "check_collection_name",
    "is_collection_name",
    "parse_store_url",
    "place_of",
    "with_collection",
    "with_metric",
    "without_secrets",
]

EXAMPLES = (
    "embedded:///path/to/file.db, elasticsearch://host:9200/index, milvus://host:19530/collection"
    " or milvus:///path/to/file.db"
)

StoreUrl = EmbeddedUrl | ElasticUrl | MilvusUrl


def parse_store_url(url: str) -> StoreUrl:
    """Read ``url``; raises :class:`BadStoreUrl` with one sentence."""
    parts = _split(url)
    where = _parse(parts)
    collection = _options(url).get(COLLECTION_OPTION, DEFAULT_COLLECTION)
    return where if collection == DEFAULT_COLLECTION else where.sibling(collection)


def _parse(parts: SplitResult) -> StoreUrl:
    if parts.scheme == "embedded":
        return embedded_url(parts)
    if parts.scheme in ELASTIC_SCHEMES:
        return elastic_url(parts)
    if parts.scheme in MILVUS_SCHEMES:
        return milvus_url(parts)
    raise BadStoreUrl(f"{without_secrets(parts.geturl())!r} is not a store: use {EXAMPLES}.")


def without_secrets(url: str) -> str:
    """``url`` as it may be shown and logged."""
    if url.startswith("embedded:"):
        return url
    return re.sub(r"([?&][^=&]*key[^=&]*=)[^&]*", r"\1***", re.sub("://.*@", "://***@", url), flags=re.IGNORECASE)


def with_metric(url: str, metric: Metric) -> str:
    """``url`` with the metric that its collection is to have, unless it names one."""
    return url if "metric" in _options(url) else _with_option(url, "metric", metric)


def with_collection(url: str, name: str) -> str:
    """``url`` of the collection ``name`` in the place of the one that it leads to."""
    return url if name == DEFAULT_COLLECTION else _with_option(base_of(url)[0], COLLECTION_OPTION, name)


def place_of(url: str) -> str:
    """Where ``url`` and the collections beside it are, without what gets one in: the same for all of them."""
    return parse_store_url(base_of(url)[0]).display_name


def base_of(url: str) -> tuple[str, str]:
    """``url`` without the option that names a collection, and the name; that of the default one where there is none."""
    address, _, query = url.partition("?")
    kept = [option for option in query.split("&") if option.partition("=")[0] != COLLECTION_OPTION]
    base = f"{address}?{'&'.join(kept)}" if kept != [""] and kept else address
    return base, _options(url).get(COLLECTION_OPTION, DEFAULT_COLLECTION)


def _options(url: str) -> dict[str, str]:
    return dict(parse_qsl(_split(url).query, keep_blank_values=True))


def _with_option(url: str, name: str, value: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{name}={value}"


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url, allow_fragments=False)  # a path may hold a #
    except ValueError as error:  # a bracket that does not close
        raise BadStoreUrl(f"{without_secrets(url)!r} is not a store ({error}): use {EXAMPLES}.") from error
