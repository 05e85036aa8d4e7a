"""Store URLs: which engine, where, and which options."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from search_api.stores.base import METRICS, Metric

EXAMPLES = "embedded:///path/to/file.db or elasticsearch://host:9200/index"
_SCHEMES = {"elasticsearch": "http", "elasticsearch+https": "https"}
_PORT = 9200
_INDEX = re.compile(r"[a-z0-9][a-z0-9_-]{0,127}")
_LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})"
_HOST = re.compile(rf"(\[[0-9a-fA-F:.]+\]|{_LABEL}(?:\.{_LABEL})*\.?)(?::(\d{{1,5}}))?")
_API_KEY = re.compile("[A-Za-z0-9+/=_-]+")
_NUMBERS = {  # name: smallest, largest
    "shards": (1, 1_024),
    "replicas": (0, 100),
    "m": (2, 512),
    "ef_construction": (1, 10_000),
    "timeout": (1, 3_600),
}


class BadStoreUrl(ValueError):
    """The URL is not one of a store, or asks for an engine or option that is not here."""


@dataclass(frozen=True)
class EmbeddedUrl:
    """A file of the embedded store, and the metric wanted at its creation."""

    path: Path
    metric: Metric


@dataclass(frozen=True)
class ElasticUrl:
    """An index of an Elasticsearch cluster, how to get in, and what is wanted at its creation.

    ``hosts`` are whole addresses such as ``http://host:9200``. ``replicas`` None leaves it to the cluster's size.
    ``m`` and ``ef_construction`` shape the graph of ann searches; ``timeout`` bounds a request, in seconds.
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
    def shown(self) -> str:
        """Where this is, without what gets one in."""
        return f"{', '.join(self.hosts)}, index {self.index}"


StoreUrl = EmbeddedUrl | ElasticUrl


def parse_store_url(url: str) -> StoreUrl:
    """Read ``url``; raises :class:`BadStoreUrl` with one sentence."""
    parts = _split(url)
    if parts.scheme == "embedded":
        return _embedded(parts)
    if parts.scheme in _SCHEMES:
        return _elastic(parts)
    if parts.scheme == "milvus":
        raise BadStoreUrl(f"The milvus store is not built yet: use {EXAMPLES}.")
    raise BadStoreUrl(f"{without_secrets(url)!r} is not a store: use {EXAMPLES}.")


def without_secrets(url: str) -> str:
    """``url`` as it may be shown and logged."""
    if url.startswith("embedded:"):
        return url
    return re.sub(r"([?&][^=&]*key[^=&]*=)[^&]*", r"\1***", re.sub("://.*@", "://***@", url), flags=re.IGNORECASE)


def with_metric(url: str, metric: Metric) -> str:
    """``url`` with the metric that its collection is to have, unless it names one."""
    query = _split(url).query
    if "metric" in dict(parse_qsl(query, keep_blank_values=True)):
        return url
    return f"{url}{'&' if query else '?'}metric={metric}"


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url, allow_fragments=False)  # a path may hold a #
    except ValueError as error:  # a bracket that does not close
        raise BadStoreUrl(f"{without_secrets(url)!r} is not a store ({error}): use {EXAMPLES}.") from error


def _embedded(parts: SplitResult) -> EmbeddedUrl:
    if parts.netloc or not parts.path.strip("/"):
        raise BadStoreUrl(f"{parts.geturl()!r} names no file: use embedded:///path/to/file.db, with three slashes.")
    options = _options(parts, {"metric"})
    return EmbeddedUrl(Path(parts.path), _metric(options))


def _elastic(parts: SplitResult) -> ElasticUrl:
    if "@" in parts.path + parts.query:
        raise BadStoreUrl("Percent-encode what is not a letter or digit in user and password: / is %2F, ? is %3F.")
    options = _options(parts, {"metric", "api_key", "ca", *_NUMBERS})
    login, _, hosts = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    index = parts.path.strip("/")
    if not _INDEX.fullmatch(index):
        raise BadStoreUrl(
            f"{index!r} is no name for an index: small letters, digits, _ and -, beginning with a letter or digit."
        )
    if user and "api_key" in options:
        raise BadStoreUrl("A user and an api_key are two ways to get in: name one of them.")
    if not _API_KEY.fullmatch(options.get("api_key", "key")):
        raise BadStoreUrl("api_key is an encoded key as Elasticsearch gives it: letters, digits, +, / and =.")
    if "ca" in options and parts.scheme != "elasticsearch+https":
        raise BadStoreUrl("ca names a certificate authority: it goes with elasticsearch+https.")
    return ElasticUrl(
        hosts=tuple(f"{_SCHEMES[parts.scheme]}://{_address(host)}" for host in hosts.split(",")),
        index=index,
        metric=_metric(options),
        user=unquote(user) or None,
        password=unquote(password),
        api_key=options.get("api_key"),
        ca=Path(options["ca"]) if "ca" in options else None,
        **_numbers(options),
    )


def _options(parts: SplitResult, known: set[str]) -> dict[str, str]:
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(set(options) - known):
        raise BadStoreUrl(f"The {parts.scheme} store has no option {', '.join(unknown)}.")
    return options


def _metric(options: Mapping[str, str]) -> Metric:
    wanted = options.get("metric", "cosine")
    for metric in METRICS:
        if metric == wanted:
            return metric
    raise BadStoreUrl(f"metric is one of {', '.join(METRICS)}, not {wanted!r}.")


def _address(host: str) -> str:
    match = _HOST.fullmatch(host)
    if match is None or int(match[2] or _PORT) > 65_535:
        raise BadStoreUrl(f"{host!r} is no host: write host or host:port, several with commas between them.")
    return f"{match[1]}:{match[2] or _PORT}"


def _numbers(options: Mapping[str, str]) -> dict[str, int]:
    numbers = {}
    for name, (low, high) in _NUMBERS.items():
        if name in options:
            text = options[name]
            if not (text.isascii() and text.isdigit() and len(text) < 6 and low <= int(text) <= high):
                raise BadStoreUrl(f"{name} is a whole number from {low} to {high}, not {text!r}.")
            numbers[name] = int(text)
    return numbers
