"""One parameter's value, read from a text or a JSON value and checked; raises BadParameter with what is allowed."""

import json
import math
from collections.abc import Mapping
from typing import Any

from serving.errors import BadParameter
from serving.fields import MAX_JSON_VALUES

_MAX_DIGITS = 18
_MAX_INTEGER = 2.0**63


def number(fields: Mapping[str, Any], name: str, low: float, high: float) -> float | None:
    """A finite number from ``low`` to ``high``; None where there is none."""
    value = fields.get(name)
    return None if value is None or value == "" else one_number(value, name, low, high)


def one_number(value: Any, name: str, low: float, high: float) -> float:
    """``value`` as a finite number from ``low`` to ``high``."""
    try:
        read = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        read = math.nan
    if not low <= read <= high or math.isinf(read):
        allowed = f"at least {low:g}" if math.isinf(high) else f"between {low:g} and {high:g}"
        raise BadParameter(f"{name} is a number {allowed}.")
    return read


def as_json_has_it(value: float) -> int | float:
    """12.0 and 12 are one number in JSON, and one here."""
    return int(value) if value.is_integer() and abs(value) < _MAX_INTEGER else value


def integer(fields: Mapping[str, Any], name: str, default: int, max_count: int | None) -> int:
    """A whole number from 1 to ``max_count``."""
    value = fields.get(name)
    if value is None or value == "":
        return default
    digits = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    read = int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _MAX_DIGITS else 0
    if read < 1 or (max_count is not None and read > max_count):
        raise BadParameter(
            f"{name} is a whole number " + ("of at least 1." if max_count is None else f"from 1 to {max_count}.")
        )
    return read


def boolean(fields: Mapping[str, Any], name: str) -> bool:
    """True or false, which is what absence means."""
    value = fields.get(name, False)
    read = "" if value is None else str(value).lower()
    if read not in ("true", "false", "1", "0", ""):
        raise BadParameter(f"{name} is true or false.")
    return read in ("true", "1")


def text(value: str, name: str) -> str:
    """``value``, which has to be whole characters."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise BadParameter(f"{name} holds half a character (a lone surrogate).") from None
    return value


def json_object(value: Any, refusal: str) -> dict[str, Any]:
    """A JSON object, as text or already read; empty where there is none. ``refusal`` is said of anything else."""
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
    """What was given once or several times, or not at all, as a list."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
