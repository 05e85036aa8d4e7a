"""Reads a request's parameters from wherever a client put them: query string, form or JSON."""

import json
from typing import Any

from flask import Request

from serving.failures import BadParameter, UnsupportedMediaType

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def read_fields(request: Request) -> dict[str, Any]:
    """Query string and body as one dict; the body wins. A name that is repeated gives a list.

    Raises :class:`BadParameter` for a body that is not a JSON object, :class:`UnsupportedMediaType` for a body of
    another type.
    """
    fields: dict[str, Any] = _flatten(request.args.to_dict(flat=False))
    if request.mimetype in _FORMS:
        return fields | _flatten(request.form.to_dict(flat=False))
    if request.mimetype == "application/json" or request.mimetype.endswith("+json"):
        return fields | _json_object(request.get_data(cache=False))
    if request.content_length or "Transfer-Encoding" in request.headers:
        raise UnsupportedMediaType("Send the body as application/json, multipart/form-data or a form.")
    return fields


def _flatten(fields: dict[str, list[str]]) -> dict[str, Any]:
    return {name: values if len(values) > 1 else values[0] for name, values in fields.items()}


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except RecursionError:
        raise BadParameter("The JSON body is nested too deeply.") from None
    except ValueError as error:
        raise BadParameter(f"The body is not JSON ({error}).") from None
    if not isinstance(value, dict):
        raise BadParameter("The JSON body is an object with named fields.")
    return value
