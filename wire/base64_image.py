"""Images as base64 text, in every spelling that clients of the published service send."""

import base64
import binascii
import re
from typing import Any

_DATA_URI = re.compile(r"\s*data:[^,]{0,200},", re.IGNORECASE)
_WHITE_SPACE = re.compile(r"\s+")
_URL_SAFE = str.maketrans("-_", "+/")


class BadBase64(ValueError):
    """The value is not base64 text."""


def decode_image(value: Any) -> bytes:
    """Return the bytes that ``value`` encodes.

    Standard and URL-safe alphabets, white space, missing padding and a ``data:`` prefix are accepted; anything else
    raises :class:`BadBase64`. Empty text gives empty bytes, which the caller has to check.
    """
    if not isinstance(value, str):
        raise BadBase64(f"An image is sent as base64 text, not as {type(value).__name__}.")
    prefix = _DATA_URI.match(value[:256])
    text = _WHITE_SPACE.sub("", value[prefix.end() :] if prefix else value).translate(_URL_SAFE).rstrip("=")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadBase64(f"The text is not base64 ({error}): send the file's bytes in base64.") from None


def encode_image(data: bytes) -> str:
    """Return ``data`` as standard base64 text."""
    return base64.b64encode(data).decode("ascii")
