"""One value of a request, read from text or JSON and checked; each raises BadParameter with what is allowed."""

import json
import math
from typing import Any

from search_api.stores.base import MAX_INTEGER
from serving.errors import BadParameter
from serving.fields import MAX_JSON_VALUES

_MAX_DIGITS = 18


def number(value: Any, name: str, low: float, high: float) -> float:
    """Return ``value`` as a finite number from ``low`` to ``high``."""
    try:
        read = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        read = math.nan
    if not low <= read <= high or math.isinf(read):
        allowed = f"at least {low:g}" if math.isinf(high) else f"between {low:g} and {high:g}"
        raise BadParameter(f"{name} is a number {allowed}.")
    return read


def integer(value: Any, name: str, low: int, high: int | None) -> int:
    """Return ``value`` as a whole number from ``low``, which is not negative, to ``high``."""
    digits = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    read = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _MAX_DIGITS else -1
    if read < low or (high is not None and read > high):
        allowed = f"of at least {low}" if high is None else f"from {low} to {high}"
        raise BadParameter(f"{name} is a whole number {allowed}.")
    return read


def boolean(value: Any, name: str) -> bool:
    """Return ``value`` as true or false."""
    read = str(value).lower()
    if read not in ("true", "false", "1", "0"):
        raise BadParameter(f"{name} is true or false.")
    return read in ("true", "1")


def valid_text(value: str, name: str) -> str:
    """Return ``value``, which must be valid Unicode."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadParameter(f"{name} holds half a character (a lone surrogate).") from None
    return value


def json_object(value: Any, refusal: str) -> dict[str, Any]:
    """Return a JSON object, given as text or already read; empty where there is none. ``refusal`` is the error."""
    if isinstance(value, str) and value.count(",") > MAX_JSON_VALUES:
        raise BadParameter(refusal)
    if isinstance(value, str) and value:
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise BadParameter(refusal) from None
    if value in (None, "", {}):
        return {}
    if not isinstance(value, dict):
        raise BadParameter(refusal)
    return value


def as_list(value: Any) -> list[Any]:
    """Return as a list what was given once or several times, or not at all."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def as_json_has_it(value: float) -> int | float:
    """Return ``value`` as an integer where it is whole: 12.0 and 12 are one number in JSON."""
    return int(value) if value.is_integer() and abs(value) <= MAX_INTEGER else value
