"""What the URLs of several engines have in common: hosts, options, and the names of collections."""

import re
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import SplitResult, parse_qsl, unquote

from search_api.stores.base import METRICS, Metric

DEFAULT_COLLECTION = "default"  # the one that a store URL names itself
COLLECTION_OPTION = "collection"  # every store URL may name another one with it
_COLLECTION = re.compile("[A-Za-z0-9]+(?:[_-][A-Za-z0-9]+)*")
_MAX_COLLECTION = 64
_LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})"
_HOST = re.compile(rf"(\[[0-9a-fA-F:.]+\]|{_LABEL}(?:\.{_LABEL})*\.?)(?::(\d{{1,5}}))?")

Limits = Mapping[str, tuple[int, int]]  # name of an option: smallest, largest


class StoreUrl(Protocol):
    """A store URL after parsing: one collection of one engine."""

    @property
    def metric(self) -> Metric:
        """The metric that the collection is to have at its creation."""

    @property
    def display_name(self) -> str:
        """Where the collection is, without credentials."""

    def sibling(self, name: str) -> "StoreUrl":
        """Return the collection ``name`` beside this one; raises BadStoreUrl."""


class BadStoreUrl(ValueError):
    """The URL is not one of a store, or asks for an engine or option that is not here."""


def is_collection_name(name: str) -> bool:
    """Whether every engine can have a collection of this name beside others."""
    return len(name) <= _MAX_COLLECTION and _COLLECTION.fullmatch(name) is not None


def check_collection_name(name: str) -> None:
    """Raise :class:`BadStoreUrl` unless ``name`` is the name of a collection."""
    if not is_collection_name(name):
        raise BadStoreUrl(
            f"{name!r} is no name for a collection: letters and digits, with single _ or - between them, at most"
            f" {_MAX_COLLECTION} in all."
        )


def options_of(parts: SplitResult, known: set[str]) -> dict[str, str]:
    """What follows the question mark; raises BadStoreUrl for an option that is not ``known``."""
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(set(options) - known - {COLLECTION_OPTION}):
        raise BadStoreUrl(f"The {parts.scheme} store has no option {', '.join(unknown)}.")
    return options


def metric_of(options: Mapping[str, str]) -> Metric:
    """The metric that is wanted at creation."""
    wanted = options.get("metric", "cosine")
    for metric in METRICS:
        if metric == wanted:
            return metric
    raise BadStoreUrl(f"metric is one of {', '.join(METRICS)}, not {wanted!r}.")


def numbers_of(options: Mapping[str, str], limits: Limits) -> dict[str, int]:
    """The options that are whole numbers, where they are given."""
    numbers = {}
    for name, (low, high) in limits.items():
        if name in options:
            text = options[name]
            if not (text.isascii() and text.isdigit() and len(text) < 6 and low <= int(text) <= high):
                raise BadStoreUrl(f"{name} is a whole number from {low} to {high}, not {text!r}.")
            numbers[name] = int(text)
    return numbers


def login_of(parts: SplitResult) -> tuple[str | None, str, str]:
    """User, password, and the hosts as they are written; raises BadStoreUrl where a / or ? of a password cuts it."""
    if "@" in parts.path + parts.query:
        raise BadStoreUrl("Percent-encode what is not a letter or digit in user and password: / is %2F, ? is %3F.")
    login, _, hosts = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    return unquote(user) or None, unquote(password), hosts


def address_of(host: str, port: int) -> str:
    """``host`` with its port, or with ``port`` where it names none."""
    match = _HOST.fullmatch(host)
    if match is None or int(match[2] or port) > 65_535:
        raise BadStoreUrl(f"{host!r} is no host: write host or host:port.")
    return f"{match[1]}:{match[2] or port}"
