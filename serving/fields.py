"""Reads a request's fields from the query string, a form or JSON."""

import json
from typing import Any
from urllib.parse import parse_qs

from flask import Request

from serving.errors import BadParameter, UnsupportedMediaType

_URL_ENCODED = "application/x-www-form-urlencoded"
_MAX_FIELDS = 1_000
MAX_JSON_VALUES = 100_000  # far above a vector's; a body of empty lists would fill the memory


def read_fields(request: Request) -> dict[str, Any]:
    """Return query string and body as one dict; the body wins. A repeated name gives a list.

    Raises :class:`BadParameter` for a body that is not a JSON object, :class:`UnsupportedMediaType` for a body of
    another type.
    """
    fields: dict[str, Any] = _flatten(request.args.to_dict(flat=False))
    if request.mimetype == _URL_ENCODED:
        return fields | _flatten(_url_encoded(request.get_data(cache=False)))
    if request.mimetype == "multipart/form-data":
        return fields | _flatten(request.form.to_dict(flat=False))
    if request.mimetype == "application/json" or request.mimetype.endswith("+json"):
        return fields | _json_object(request.get_data(cache=False))
    if request.content_length or "Transfer-Encoding" in request.headers:
        raise UnsupportedMediaType("Send the body as application/json, multipart/form-data or a form.")
    return fields


def _flatten(fields: dict[str, list[str]]) -> dict[str, Any]:
    return {name: values if len(values) > 1 else values[0] for name, values in fields.items()}


def _url_encoded(body: bytes) -> dict[str, list[str]]:
    try:
        return parse_qs(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=_MAX_FIELDS)
    except ValueError:
        raise BadParameter(f"A form may have at most {_MAX_FIELDS} fields.") from None


def _json_object(body: bytes) -> dict[str, Any]:
    if body.count(b",") > MAX_JSON_VALUES:
        raise BadParameter(f"A JSON body may hold at most {MAX_JSON_VALUES} values.")
    try:
        value = json.loads(body)
    except RecursionError:
        raise BadParameter("The JSON body is nested too deeply.") from None
    except ValueError as error:
        raise BadParameter(f"The body is not JSON ({error}).") from None
    if not isinstance(value, dict):
        raise BadParameter("The JSON body must be an object with named fields.")
    return value
