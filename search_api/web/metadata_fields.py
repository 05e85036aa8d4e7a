"""Metadata as clients send it: a flat JSON object, checked before any store sees it."""

import math
from collections.abc import Mapping
from typing import Any

from search_api.images.metadata import MAX_KEY_CHARACTERS, MAX_TEXT_CHARACTERS, OF_THE_FILE, check_size
from search_api.stores.base import MAX_INTEGER, Metadata, MetadataValue
from search_api.web.validators import as_json_has_it, json_object, valid_text
from serving.errors import BadParameter

_REFUSAL = 'metadata is a JSON object such as {"shop": "north", "price": 12.5}.'


def parse_metadata(value: Any) -> Metadata:
    """Return the metadata of a new record, empty where nothing was sent; raises BadParameter."""
    return {key: _value(one, key) for key, one in _object(value).items()}


def parse_changes(value: Any) -> Mapping[str, MetadataValue | None]:
    """Return what is to change in a record's metadata, None to remove a key; raises BadParameter, for nothing too."""
    changes = {key: None if one is None else _value(one, key) for key, one in _object(value).items()}
    if not changes:
        raise BadParameter(_REFUSAL)
    return changes


def _object(value: Any) -> dict[str, Any]:
    return check_size({_key(key): one for key, one in json_object(value, _REFUSAL).items()})


def _key(key: str) -> str:
    if not 0 < len(key) <= MAX_KEY_CHARACTERS or "\0" in key:
        raise BadParameter(f"A key of metadata has 1 to {MAX_KEY_CHARACTERS} characters, none of them a NUL.")
    if key in OF_THE_FILE:
        raise BadParameter(f"metadata[{key!r}] follows from the file: choose another key.")
    return valid_text(key, "metadata")


def _value(value: Any, key: str) -> MetadataValue:
    if isinstance(value, str) and len(value) <= MAX_TEXT_CHARACTERS:
        return valid_text(value, "metadata")
    if isinstance(value, int) and -MAX_INTEGER - 1 <= value <= MAX_INTEGER:  # a boolean is one too
        return value
    if isinstance(value, float) and math.isfinite(value):
        return as_json_has_it(value)
    raise BadParameter(
        f"metadata[{key!r}] is a text of at most {MAX_TEXT_CHARACTERS} characters, a number or a boolean."
    )
