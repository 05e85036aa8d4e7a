"""What the URLs of several engines have in common: hosts, options, and the names of collections."""

import re
from collections.abc import Mapping
from typing import Protocol
from urllib.parse import SplitResult, parse_qsl, unquote

from search_api.stores.base import METRICS, Metric

DEFAULT_COLLECTION = "default"  # the one that a store URL leads to by itself
COLLECTION_OPTION = "collection"  # of every store URL: names another collection beside it
COLLECTION_PATTERN = "[A-Za-z0-9]+([_-][A-Za-z0-9]+)*"  # of a whole name
MAX_COLLECTION_NAME = 64  # characters
COLLECTION_RULE = f"letters and digits, with single _ or - between them, at most {MAX_COLLECTION_NAME} in all"
_LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})"
_HOST = re.compile(rf"(\[[0-9a-fA-F:.]+\]|{_LABEL}(?:\.{_LABEL})*\.?)(?::(\d{{1,5}}))?")

OptionLimits = Mapping[str, tuple[int, int]]  # name of an option: smallest, largest


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
    """The URL is not one of a store, or names an engine or option that does not exist."""


def is_collection_name(name: str) -> bool:
    """Return whether every engine can have a collection of this name beside others."""
    return len(name) <= MAX_COLLECTION_NAME and re.fullmatch(COLLECTION_PATTERN, name) is not None


def check_collection_name(name: str) -> None:
    """Raise :class:`BadStoreUrl` unless ``name`` is the name of a collection."""
    if not is_collection_name(name):
        raise BadStoreUrl(f"{name!r} is not a valid collection name: use {COLLECTION_RULE}.")


def options_of(parts: SplitResult, known: set[str]) -> dict[str, str]:
    """Return what follows the question mark; raises BadStoreUrl for an option that is not ``known``."""
    options = dict(parse_qsl(parts.query, keep_blank_values=True))
    if unknown := sorted(set(options) - known - {COLLECTION_OPTION}):
        raise BadStoreUrl(f"The {parts.scheme} store has no option {', '.join(unknown)}.")
    return options


def metric_of(options: Mapping[str, str]) -> Metric:
    """Return the metric that the collection is to have at its creation; raises BadStoreUrl."""
    wanted = options.get("metric", "cosine")
    for metric in METRICS:
        if metric == wanted:
            return metric
    raise BadStoreUrl(f"metric is one of {', '.join(METRICS)}, not {wanted!r}.")


def numbers_of(options: Mapping[str, str], limits: OptionLimits) -> dict[str, int]:
    """Return the options that are whole numbers, those that are given; raises BadStoreUrl beyond ``limits``."""
    numbers = {}
    for name, (low, high) in limits.items():
        if name in options:
            text = options[name]
            if not (text.isascii() and text.isdigit() and len(text) < 6 and low <= int(text) <= high):
                raise BadStoreUrl(f"{name} is a whole number from {low} to {high}, not {text!r}.")
            numbers[name] = int(text)
    return numbers


def login_of(parts: SplitResult) -> tuple[str | None, str, str]:
    """Return user, password and hosts; raises BadStoreUrl where a / or ? that is not percent-encoded cuts them off."""
    if "@" in parts.path + parts.query:
        raise BadStoreUrl("A / or ? of user or password is not encoded: percent-encode it, / as %2F and ? as %3F.")
    login, _, hosts = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    return unquote(user) or None, unquote(password), hosts


def address_of(host: str, port: int) -> str:
    """Return ``host`` with its port, or with ``port`` where it names none; raises BadStoreUrl."""
    match = _HOST.fullmatch(host)
    if match is None or int(match[2] or port) > 65_535:
        raise BadStoreUrl(f"{host!r} is not a valid host: write host or host:port.")
    return f"{match[1]}:{match[2] or port}"
