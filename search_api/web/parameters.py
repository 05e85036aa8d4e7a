"""The parameters of a search, a row each: the parser, the OpenAPI document, the docs and the page read this table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from imaging import parse_box
from search_api.images.records import DEFAULT_PAGE_SIZE, Listing
from search_api.search.query import DEFAULT_SCORE, MAX_QUERIES, MIN_COLLAPSE, Query
from search_api.stores.base import MAX_DEPTH, MODES
from search_api.stores.url_parts import DEFAULT_COLLECTION
from search_api.web.compound_values import (
    COLLECTION_SCHEMA,
    FILTER_SCHEMA,
    WEIGHTS_SCHEMA,
    parse_after,
    parse_collection_name,
    parse_filter,
    parse_weights,
)
from search_api.web.kinds import Boolean, Integer, Kind, Number, OneOf, Parsed
from search_api.web.response_types import PageParameter
from search_api.web.validators import as_list, integer, valid_text
from serving.errors import BadParameter
from wire.openapi import BOX, Schema

MAX_PAGE_SIZE = 1_000


class PageTooDeep(ValueError):
    """The page ends beyond what any store can reach."""


@dataclass(frozen=True)
class Parameter:
    """One parameter of a request. ``field`` is where a Query keeps it; ``asked_by`` are the searches that take it."""

    name: str
    kind: Kind
    default: Any
    description: str
    field: str = ""
    asked_by: tuple[str, ...] = ("image", "id", "vector")

    @property
    def schema(self) -> Schema:
        """Its JSON schema, with default and description."""
        default = {} if self.default is None else {"default": self.default}
        return {**self.kind.schema, **default, "description": self.description}

    @property
    def kind_name(self) -> str:
        """The type of its values in JSON; a value of several types is a text in an address."""
        return str(self.kind.schema.get("type", "string"))

    def read(self, fields: Mapping[str, Any]) -> Any:
        """Return its value in ``fields``, the default where there is none; raises BadParameter."""
        value = fields.get(self.name)
        return self.default if value is None or value == "" else self.kind.parse(value, self.name)


PAGE = Parameter("page", Integer(1), 1, "Page of the ranking, from 1.", "page")
PAGE_SIZE = Parameter("pageSize", Integer(1, MAX_PAGE_SIZE), DEFAULT_PAGE_SIZE, "Hits on a page.", "page_size")
FILTER = Parameter(
    "filter",
    Parsed(parse_filter, FILTER_SCHEMA),
    None,
    'Metadata that must match: {"key": value or [values]}.',
    "filter",
)
COLLECTION = Parameter(
    "collection",
    Parsed(parse_collection_name, COLLECTION_SCHEMA),
    None,
    "Which collection; without it the one that the service's store URL names.",
)
SEARCH_PARAMETERS: tuple[Parameter, ...] = (
    Parameter("score", Number(-1.0, 1.0), DEFAULT_SCORE, "Minimum cosine (collections of metric cosine).", "score"),
    Parameter("distance", Number(0.0), None, "Maximum squared distance (collections of metric l2).", "distance"),
    PAGE,
    PAGE_SIZE,
    FILTER,
    Parameter("mode", OneOf(MODES), MODES[0], "Compare with every vector, or with those the index proposes.", "mode"),
    Parameter("includeVector", Boolean(), False, "Add feature_vector to each hit.", "include_vector"),
    Parameter(
        "collapse",
        Number(MIN_COLLAPSE, 1.0),
        None,
        "Collapse a hit into a better one when their cosine is at least this.",
        "collapse",
    ),
    COLLECTION,
    Parameter(
        "weights",
        Parsed(parse_weights, WEIGHTS_SCHEMA),
        None,
        "One for each image asked with; what is like an image of negative weight is avoided.",
        "weights",
        asked_by=("image", "id"),
    ),
    Parameter(
        "excludeSelf",
        Boolean(),
        False,
        "Leave out the images asked with.",
        "exclude_self",
        asked_by=("image", "id"),
    ),
    Parameter(
        "box",
        Parsed(parse_box, {key: value for key, value in BOX.items() if key != "description"}),
        None,
        str(BOX["description"]),
        "box",
        asked_by=("image",),
    ),
)
AFTER = Parameter("after", Parsed(parse_after, {"type": "string"}), "", "The id to go on after.", "after")
LISTING_PARAMETERS = (PAGE, PAGE_SIZE, FILTER, AFTER, COLLECTION)


def parse_query(fields: Mapping[str, Any], candidates: int) -> Query:
    """Return the query in ``fields``; raises BadParameter, PageTooDeep or BadBox with what is allowed.

    ``candidates`` is the service's own: how many of the nearest an ann search looks at.
    """
    values = {row.field: row.read(fields) for row in SEARCH_PARAMETERS if row.field}
    _check_depth(values["page"], values["page_size"])
    return Query(candidates=candidates, **values)


def parse_listing(fields: Mapping[str, Any]) -> Listing:
    """Return what to list; raises BadParameter or PageTooDeep."""
    values = {row.field: row.read(fields) for row in LISTING_PARAMETERS if row.field}
    _check_depth(values["page"], values["page_size"])
    return Listing(**values)


def parse_collection(fields: Mapping[str, Any]) -> str:
    """Return the name of the collection that a request is about; raises BadParameter."""
    return COLLECTION.read(fields) or DEFAULT_COLLECTION


def parse_ids(fields: Mapping[str, Any]) -> list[str]:
    """Return the ids of a search by one or several of them; raises BadParameter."""
    ids = as_list(fields.get("id"))
    if not ids or not all(isinstance(id_, str) and id_ for id_ in ids):
        raise BadParameter("id is the id of an indexed image, or a list of them.")
    if len(ids) > MAX_QUERIES:
        raise BadParameter(f"A search has at most {MAX_QUERIES} ids.")
    return [valid_text(id_, "id") for id_ in ids]


def parse_confirmation(fields: Mapping[str, Any]) -> int:
    """Return how many images a client confirms to delete; raises BadParameter."""
    if not fields.get("confirm"):
        raise BadParameter("confirm is how many images there are: repeat that number to delete them all.")
    return integer(fields["confirm"], "confirm", 0, None)


def page_parameters() -> list[PageParameter]:
    """Return name, kind and default of each search parameter, for the page's state."""
    return [
        {"name": row.name, "kind": row.kind.schema.get("type", "string"), "default": row.default}
        for row in SEARCH_PARAMETERS
    ]


def _check_depth(page: int, page_size: int) -> None:
    if page * page_size > MAX_DEPTH:
        raise PageTooDeep(f"A page ends at number {MAX_DEPTH} at the latest: narrow it by score or filter.")
