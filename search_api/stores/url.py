"""Store URLs: which engine, where, and which options."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

from search_api.stores.base import METRICS, Metric

EXAMPLE = "embedded:///path/to/file.db"
_KNOWN_ENGINES = ("embedded", "elasticsearch", "elasticsearch+https", "milvus")


class BadStoreUrl(ValueError):
    """The URL is not one of a store, or asks for an engine or option that is not here."""


@dataclass(frozen=True)
class EmbeddedUrl:
    """A file of the embedded store, and the metric wanted at its creation."""

    path: Path
    metric: Metric


def parse_store_url(url: str) -> EmbeddedUrl:
    """Read ``url``; raises :class:`BadStoreUrl` with one sentence."""
    parts = urlsplit(url, allow_fragments=False)  # a path may hold a #
    if parts.scheme not in _KNOWN_ENGINES:
        raise BadStoreUrl(f"{url!r} is not a store: use {EXAMPLE}.")
    if parts.scheme != "embedded":
        raise BadStoreUrl(f"The {parts.scheme} store is not built yet: use {EXAMPLE}.")
    if parts.netloc or not parts.path.strip("/"):
        raise BadStoreUrl(f"{url!r} names no file: use {EXAMPLE}, with three slashes.")
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    wanted = options.pop("metric", "cosine")
    if options:
        raise BadStoreUrl(f"The embedded store has no option {', '.join(sorted(options))}.")
    for metric in METRICS:
        if metric == wanted:
            return EmbeddedUrl(Path(parts.path), metric)
    raise BadStoreUrl(f"metric is one of {', '.join(METRICS)}, not {wanted!r}.")


def with_metric(url: str, metric: Metric) -> str:
    """``url`` with the metric that its collection is to have, unless it names one."""
    query = urlsplit(url, allow_fragments=False).query
    if "metric" in dict(parse_qsl(query, keep_blank_values=True)):
        return url
    return f"{url}{'&' if query else '?'}metric={metric}"
