"""The parameters of a search and of a listing, each checked against what is allowed."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from imaging import Box, parse_box
from search_api.images.metadata import MAX_KEYS
from search_api.stores.base import DEFAULT_CANDIDATES, MAX_DEPTH, MODES, Filter, Metric, Mode, as_text
from search_api.stores.url import DEFAULT_COLLECTION, is_collection_name
from search_api.web.validators import as_json_has_it, as_list, boolean, integer, json_object, number, one_number, text
from serving.errors import BadParameter

DEFAULT_SCORE = 0.8
DEFAULT_PAGE_SIZE = 10
MAX_PAGE_SIZE = 1_000
MAX_QUERIES = 16  # images or ids that one search may be asked with
MIN_COLLAPSE = 0.01
_MAX_WEIGHT = 1_000.0


class PageTooDeep(ValueError):
    """The page ends beyond what any store can reach."""


@dataclass(frozen=True)
class Paging:
    """Which part of a ranking or listing is wanted."""

    page: int = 1
    page_size: int = DEFAULT_PAGE_SIZE

    @property
    def offset(self) -> int:
        """How many come before this page."""
        return (self.page - 1) * self.page_size


@dataclass(frozen=True)
class Query(Paging):
    """What a client asks for beside the image. ``score`` counts under the metric cosine, ``distance`` under l2.

    ``weights`` are one for each image of a search by several; None means all alike. ``collapse`` is the cosine from
    which a hit is folded into a better one.
    """

    score: float = DEFAULT_SCORE
    distance: float | None = None
    filter: Filter | None = None
    mode: Mode = "exact"
    candidates: int = DEFAULT_CANDIDATES
    include_vector: bool = False
    box: Box | None = None
    weights: tuple[float, ...] | None = None
    exclude_self: bool = False
    collapse: float | None = None

    def threshold(self, metric: Metric) -> float | None:
        """The bound that counts under ``metric``; None lets everything pass."""
        return self.score if metric == "cosine" else self.distance


@dataclass(frozen=True)
class Listing(Paging):
    """Which records to list: those beyond the id ``after``, less the pages before this one."""

    filter: Filter | None = None
    after: str = ""


def parse_query(fields: Mapping[str, Any], candidates: int = DEFAULT_CANDIDATES) -> Query:
    """Read a query; raises BadParameter, PageTooDeep or BadBox with what is allowed.

    ``candidates`` is the service's own: how many of the nearest an ann search looks at.
    """
    score = number(fields, "score", -1.0, 1.0)
    page, page_size = _page(fields)
    return Query(
        score=DEFAULT_SCORE if score is None else score,
        distance=number(fields, "distance", 0.0, math.inf),
        page=page,
        page_size=page_size,
        filter=parse_filter(fields.get("filter")),
        mode=_mode(fields.get("mode")),
        candidates=candidates,
        include_vector=boolean(fields, "includeVector"),
        box=parse_box(fields.get("box")),
        weights=_weights(fields.get("weights")),
        exclude_self=boolean(fields, "excludeSelf"),
        collapse=number(fields, "collapse", MIN_COLLAPSE, 1.0),
    )


def parse_listing(fields: Mapping[str, Any]) -> Listing:
    """Read what to list; raises BadParameter or PageTooDeep."""
    page, page_size = _page(fields)
    after = fields.get("after") or ""
    if not isinstance(after, str):
        raise BadParameter("after is the id of the last record that was listed.")
    return Listing(page, page_size, parse_filter(fields.get("filter")), text(after, "after"))


def parse_filter(value: Any) -> Filter | None:
    """``{"key": value or [values]}``, as JSON text or already read; None and empty mean no filter."""
    read = json_object(value, 'filter is a JSON object such as {"folder": ["shoes", "hats"]}.')
    if len(read) > MAX_KEYS:
        raise BadParameter(f"filter has at most {MAX_KEYS} keys, as many as metadata.")
    wanted = {
        text(key, "filter"): [_filter_value(one) for one in (many if isinstance(many, list) else [many])]
        for key, many in read.items()
    }
    return wanted or None


def parse_ids(fields: Mapping[str, Any]) -> list[str]:
    """The ids of a search by one or several of them."""
    ids = as_list(fields.get("id"))
    if not ids or not all(isinstance(id_, str) and id_ for id_ in ids):
        raise BadParameter("id is the id of an indexed image, or a list of them.")
    if len(ids) > MAX_QUERIES:
        raise BadParameter(f"A search has at most {MAX_QUERIES} ids.")
    return [text(id_, "id") for id_ in ids]


def parse_collection(fields: Mapping[str, Any]) -> str:
    """The name of the collection that a request is about."""
    name = fields.get("collection")
    if name is None or name == "":
        return DEFAULT_COLLECTION
    if not isinstance(name, str) or not is_collection_name(name):
        raise BadParameter("collection is a name of letters and digits, with single _ or - between them.")
    return name


def parse_folder(fields: Mapping[str, Any]) -> str:
    """The ``path`` of a job, not looked at yet."""
    path = fields.get("path")
    if not isinstance(path, str):
        raise BadParameter("path is a folder below the image root; an empty text means all of it.")
    return text(path, "path")


def parse_confirmation(fields: Mapping[str, Any]) -> int:
    """How many images a client confirms to delete."""
    if not fields.get("confirm"):
        raise BadParameter("confirm is how many images there are: say it to delete them all.")
    return 0 if fields["confirm"] == "0" else integer(fields, "confirm", 0, None)


def _page(fields: Mapping[str, Any]) -> tuple[int, int]:
    page, page_size = integer(fields, "page", 1, None), integer(fields, "pageSize", DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)
    if page * page_size > MAX_DEPTH:
        raise PageTooDeep(f"A page ends at number {MAX_DEPTH} at the latest: narrow it by score or filter.")
    return page, page_size


def _weights(value: Any) -> tuple[float, ...] | None:
    """A list of numbers, or a text with commas between them."""
    if value is None or value == "":
        return None
    parts = value.split(",", MAX_QUERIES) if isinstance(value, str) else as_list(value)
    if len(parts) > MAX_QUERIES:
        raise BadParameter(f"weights are at most {MAX_QUERIES} numbers.")
    return tuple(one_number(part, "weights", -_MAX_WEIGHT, _MAX_WEIGHT) for part in parts)


def _filter_value(value: Any) -> str:
    if not isinstance(value, str | int | float | bool):
        raise BadParameter("filter values are texts, numbers, booleans, or lists of them.")
    return text(as_text(as_json_has_it(value) if isinstance(value, float) else value), "filter")


def _mode(value: Any) -> Mode:
    if value is None or value == "":
        return "exact"
    if value not in MODES:
        raise BadParameter(f"mode is one of {', '.join(MODES)}.")
    return cast(Mode, value)
