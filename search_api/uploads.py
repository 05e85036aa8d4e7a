"""Takes the query picture out of a request: a multipart ``file`` part, or base64 in ``img``."""

from collections.abc import Mapping
from typing import Any

from flask import Request

from imaging.errors import EmptyImage, ImageTooLarge
from wire.base64_picture import decode_picture
from wire.extraction import MissingImage


def read_picture(request: Request, fields: Mapping[str, Any], max_bytes: int) -> bytes:
    """The picture's bytes; raises MissingImage, EmptyImage, BadBase64 or ImageTooLarge."""
    part = request.files.get("file")
    if part is not None:
        data = bytes(part.read(max_bytes + 1))
    elif fields.get("img") is not None:
        data = decode_picture(fields["img"])
    else:
        raise MissingImage("Send the picture as a multipart part named file, or as base64 in the field img.")
    if not data:
        raise EmptyImage("The picture has no bytes.")
    if len(data) > max_bytes:
        raise ImageTooLarge(f"A picture has at most {max_bytes} bytes.")
    return data
