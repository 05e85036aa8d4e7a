"""Store URLs: which engine, where, and which options. What the URLs of one engine look like is said in its package."""

import re
from urllib.parse import SplitResult, parse_qsl, urlsplit

from search_api.stores.base import Metric
from search_api.stores.engines import StoreEngine, engine_of, example_urls
from search_api.stores.url_parts import (
    COLLECTION_OPTION,
    DEFAULT_COLLECTION,
    BadStoreUrl,
    StoreUrl,
    check_collection_name,
    is_collection_name,
)

__all__ = [
    "DEFAULT_COLLECTION",
    "BadStoreUrl",
    "StoreUrl",
    "base_of",
    "check_collection_name",
    "is_collection_name",
    "location_of",
    "parse_store_url",
    "resolve",
    "with_collection",
    "with_metric",
    "without_secrets",
]


def parse_store_url(url: str) -> StoreUrl:
    """Return what ``url`` says; raises :class:`BadStoreUrl`."""
    return resolve(url)[1]


def resolve(url: str) -> tuple[StoreEngine, StoreUrl]:
    """Return the engine that ``url`` names, and what ``url`` says to it; raises :class:`BadStoreUrl`."""
    parts = _split(url)
    engine = engine_of(parts.scheme)
    if engine is None:
        raise BadStoreUrl(f"{without_secrets(parts.geturl())!r} is not a store: use {example_urls()}.")
    parsed = engine.parse(parts)
    collection = _options(url).get(COLLECTION_OPTION, DEFAULT_COLLECTION)
    return engine, parsed if collection == DEFAULT_COLLECTION else parsed.sibling(collection)


def without_secrets(url: str) -> str:
    """Return ``url`` as it may be displayed and logged."""
    if url.startswith("embedded:"):
        return url
    return re.sub(r"([?&][^=&]*key[^=&]*=)[^&]*", r"\1***", re.sub("://.*@", "://***@", url), flags=re.IGNORECASE)


def with_metric(url: str, metric: Metric) -> str:
    """Return ``url`` with the metric that its collection is to have, unless it names one."""
    return url if "metric" in _options(url) else _with_option(url, "metric", metric)


def with_collection(url: str, name: str) -> str:
    """Return the URL of the collection ``name`` beside the one at ``url``."""
    return url if name == DEFAULT_COLLECTION else _with_option(base_of(url)[0], COLLECTION_OPTION, name)


def location_of(url: str) -> str:
    """Return where ``url`` and the collections beside it are, without credentials: the same for all of them."""
    return parse_store_url(base_of(url)[0]).display_name


def base_of(url: str) -> tuple[str, str]:
    """Return ``url`` without the option that names a collection, and that name, which is "default" without one."""
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
        raise BadStoreUrl(f"{without_secrets(url)!r} is not a store ({error}): use {example_urls()}.") from error
