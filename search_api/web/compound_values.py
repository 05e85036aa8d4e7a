"""The values of parameters that are more than one word or number: filters, weights, names; each raises BadParameter."""

from typing import Any

from search_api.images.metadata import MAX_KEYS
from search_api.search.query import MAX_QUERIES, MAX_WEIGHT
from search_api.stores.base import Filter, as_text
from search_api.stores.url_parts import COLLECTION_PATTERN, COLLECTION_RULE, MAX_COLLECTION_NAME, is_collection_name
from search_api.web.validators import as_json_has_it, as_list, json_object, number, valid_text
from serving.errors import BadParameter
from wire.openapi import Schema

_METADATA_VALUE: Schema = {"type": ["string", "number", "boolean"]}
FILTER_SCHEMA: Schema = {
    "type": "object",
    "additionalProperties": {"anyOf": [_METADATA_VALUE, {"type": "array", "items": _METADATA_VALUE}]},
    "maxProperties": MAX_KEYS,
}
WEIGHTS_SCHEMA: Schema = {"type": "array", "items": {"type": "number"}}
COLLECTION_SCHEMA: Schema = {"type": "string", "pattern": f"^{COLLECTION_PATTERN}$", "maxLength": MAX_COLLECTION_NAME}


def parse_filter(value: Any) -> Filter | None:
    """Return the filter of ``{"key": value or [values]}``, as JSON text or already read; None for an empty one."""
    read = json_object(value, 'filter is a JSON object such as {"folder": ["shoes", "hats"]}.')
    if len(read) > MAX_KEYS:
        raise BadParameter(f"filter has at most {MAX_KEYS} keys, as many as metadata.")
    wanted = {
        valid_text(key, "filter"): [_filter_value(one) for one in (many if isinstance(many, list) else [many])]
        for key, many in read.items()
    }
    return wanted or None


def _filter_value(value: Any) -> str:
    if not isinstance(value, str | int | float | bool):
        raise BadParameter("filter values are texts, numbers, booleans, or lists of them.")
    return valid_text(as_text(as_json_has_it(value) if isinstance(value, float) else value), "filter")


def parse_weights(value: Any) -> tuple[float, ...]:
    """Return the weights of a list, or of a text with commas."""
    parts = value.split(",", MAX_QUERIES) if isinstance(value, str) else as_list(value)
    if len(parts) > MAX_QUERIES:
        raise BadParameter(f"weights are at most {MAX_QUERIES} numbers.")
    return tuple(number(part, "weights", -MAX_WEIGHT, MAX_WEIGHT) for part in parts)


def parse_collection_name(value: Any) -> str:
    """Return ``value``, which must be the name of a collection."""
    if not isinstance(value, str) or not is_collection_name(value):
        raise BadParameter(f"collection is a name of {COLLECTION_RULE}.")
    return value


def parse_after(value: Any) -> str:
    """Return the id that a listing goes on after."""
    if not isinstance(value, str):
        raise BadParameter("after is the id of the last record that was listed.")
    return valid_text(value, "after")
