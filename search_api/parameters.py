"""The parameters of a search, read from texts or JSON values, each checked against what is allowed."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from imaging import Box, parse_box
from search_api.stores.base import DEFAULT_CANDIDATES, MAX_DEPTH, MODES, Filter, Metric, Mode, as_text
from serving.failures import BadParameter

DEFAULT_SCORE = 0.8
DEFAULT_PAGE_SIZE = 10
MAX_PAGE_SIZE = 1_000
_MOST_DIGITS = 18


class PageTooDeep(ValueError):
    """The page ends beyond what any store can reach."""


@dataclass(frozen=True)
class Query:
    """What a client asks for beside the picture. ``score`` counts under the metric cosine, ``distance`` under l2."""

    score: float = DEFAULT_SCORE
    distance: float | None = None
    page: int = 1
    page_size: int = DEFAULT_PAGE_SIZE
    filter: Filter | None = None
    mode: Mode = "exact"
    candidates: int = DEFAULT_CANDIDATES
    include_vector: bool = False
    box: Box | None = None

    @property
    def offset(self) -> int:
        """How many hits come before this page."""
        return (self.page - 1) * self.page_size

    def threshold(self, metric: Metric) -> float | None:
        """The bound that counts under ``metric``; None lets everything pass."""
        return self.score if metric == "cosine" else self.distance


def parse_query(fields: Mapping[str, Any], candidates: int = DEFAULT_CANDIDATES) -> Query:
    """Read a query; raises BadParameter, PageTooDeep or BadBox with what is allowed.

    ``candidates`` is the service's own: how many of the nearest an ann search looks at.
    """
    score = _number(fields, "score", -1.0, 1.0)
    query = Query(
        score=DEFAULT_SCORE if score is None else score,
        distance=_number(fields, "distance", 0.0, math.inf),
        page=_whole(fields, "page", 1, None),
        page_size=_whole(fields, "pageSize", DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE),
        filter=parse_filter(fields.get("filter")),
        mode=_mode(fields.get("mode")),
        candidates=candidates,
        include_vector=_flag(fields, "includeVector"),
        box=parse_box(fields.get("box")),
    )
    if query.offset + query.page_size > MAX_DEPTH:
        raise PageTooDeep(f"A page ends at hit {MAX_DEPTH} at the latest: narrow the search by score or filter.")
    return query


def parse_filter(value: Any) -> Filter | None:
    """``{"key": value or [values]}``, as JSON text or already read; None and empty mean no filter."""
    if isinstance(value, str) and value:
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise BadParameter('filter is JSON such as {"folder": ["shoes", "hats"]}.') from None
    if value in (None, "", {}):
        return None
    if not isinstance(value, dict):
        raise BadParameter('filter is a JSON object such as {"folder": ["shoes", "hats"]}.')
    return {
        _text(key, "filter"): [_filter_value(one) for one in (many if isinstance(many, list) else [many])]
        for key, many in value.items()
    }


def parse_id(fields: Mapping[str, Any]) -> str:
    """The ``id`` of a search by id."""
    value = fields.get("id")
    if not isinstance(value, str) or not value:
        raise BadParameter("id is the id of an indexed picture.")
    return _text(value, "id")


def _filter_value(value: Any) -> str:
    if not isinstance(value, str | int | float | bool):
        raise BadParameter("filter values are texts, numbers, booleans, or lists of them.")
    return _text(as_text(value), "filter")


def _text(value: str, name: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadParameter(f"{name} holds half a character (a lone surrogate).") from None
    return value


def _number(fields: Mapping[str, Any], name: str, low: float, high: float) -> float | None:
    value = fields.get(name)
    if value is None or value == "":
        return None
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not low <= number <= high or math.isinf(number):
        allowed = f"at least {low:g}" if math.isinf(high) else f"between {low:g} and {high:g}"
        raise BadParameter(f"{name} is a number {allowed}.")
    return number


def _whole(fields: Mapping[str, Any], name: str, default: int, most: int | None) -> int:
    value = fields.get(name)
    if value is None or value == "":
        return default
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 0
    if number < 1 or (most is not None and number > most):
        raise BadParameter(f"{name} is a whole number " + ("of at least 1." if most is None else f"from 1 to {most}."))
    return number


def _mode(value: Any) -> Mode:
    if value is None or value == "":
        return "exact"
    if value not in MODES:
        raise BadParameter(f"mode is one of {', '.join(MODES)}.")
    return cast(Mode, value)


def _flag(fields: Mapping[str, Any], name: str) -> bool:
    value = fields.get(name, False)
    text = "" if value is None else str(value).lower()
    if text not in ("true", "false", "1", "0", ""):
        raise BadParameter(f"{name} is true or false.")
    return text in ("true", "1")
