"""Metadata as clients send it: a flat JSON object, checked before any store sees it."""

import math
from collections.abc import Mapping
from typing import Any

from search_api.stores.base import Metadata, MetadataValue
from search_api.web.validators import as_json_has_it, json_object, text
from serving.errors import BadParameter

MAX_KEYS = 64
MAX_KEY_CHARACTERS = 100
MAX_TEXT_CHARACTERS = 4_000
OF_THE_FILE = ("folder", "bytes")
NAME = "name"  # of an upload, unless the client chooses another
_MAX_INTEGER = 2**63
_REFUSAL = 'metadata is a JSON object such as {"shop": "north", "price": 12.5}.'


def parse_metadata(value: Any) -> Metadata:
    """What a new record is to know; raises BadParameter. Empty where nothing was sent."""
    return {key: _value(one, key) for key, one in _object(value).items()}


def parse_changes(value: Any) -> Mapping[str, MetadataValue | None]:
    """What is to change in a record's metadata, None to remove a key; raises BadParameter, for nothing at all too."""
    changes = {key: None if one is None else _value(one, key) for key, one in _object(value).items()}
    if not changes:
        raise BadParameter(_REFUSAL)
    return changes


def changed(metadata: Metadata, changes: Mapping[str, MetadataValue | None]) -> Metadata:
    """``metadata`` with ``changes``; raises BadParameter when that makes too many keys."""
    merged = {**metadata, **changes}
    return _bounded({key: value for key, value in merged.items() if value is not None})


def _object(value: Any) -> dict[str, Any]:
    return _bounded({_key(key): one for key, one in json_object(value, _REFUSAL).items()})


def _bounded(metadata: dict[str, Any]) -> dict[str, Any]:
    if len(metadata.keys() - {*OF_THE_FILE, NAME}) > MAX_KEYS:
        raise BadParameter(f"metadata has at most {MAX_KEYS} keys.")
    return metadata


def _key(key: str) -> str:
    if not 0 < len(key) <= MAX_KEY_CHARACTERS or "\0" in key:
        raise BadParameter(f"A key of metadata has 1 to {MAX_KEY_CHARACTERS} characters, none of them a NUL.")
    if key in OF_THE_FILE:
        raise BadParameter(f"metadata[{key!r}] follows from the file: choose another key.")
    return text(key, "metadata")


def _value(value: Any, key: str) -> MetadataValue:
    if isinstance(value, str) and len(value) <= MAX_TEXT_CHARACTERS:
        return text(value, "metadata")
    if isinstance(value, int) and -_MAX_INTEGER <= value < _MAX_INTEGER:  # a boolean is one too
        return value
    if isinstance(value, float) and math.isfinite(value):
        return as_json_has_it(value)
    raise BadParameter(
        f"metadata[{key!r}] is a text of at most {MAX_TEXT_CHARACTERS} characters, a number or a boolean."
    )
