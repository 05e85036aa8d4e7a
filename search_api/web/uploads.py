"""Takes pictures out of a request: multipart ``file`` parts, or base64 in ``img``."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Request
from werkzeug.datastructures import FileStorage

from imaging.errors import EmptyImage, ImageTooLarge, PictureError
from search_api.web.validators import listed
from serving.errors import BadParameter
from wire.base64_image import decode_picture
from wire.extraction import MissingImage


@dataclass(frozen=True)
class Upload:
    """A picture file as a client sent it: the name is the client's word, good for showing only.

    ``refusal`` says why its bytes were not even looked at.
    """

    name: str
    data: bytes
    refusal: PictureError | None = None


def read_pictures(request: Request, fields: Mapping[str, Any], max_bytes: int, most: int) -> list[bytes]:
    """The pictures' bytes; raises MissingImage, EmptyImage, BadBase64, ImageTooLarge or BadParameter."""
    parts = request.files.getlist("file")
    texts = [] if parts else [text for name in ("img", "imgs") for text in listed(fields.get(name))]
    if not parts and not texts:
        raise MissingImage("Send the picture as a multipart part named file, or as base64 in the field img.")
    _check_number(parts or texts, most)
    pictures = [bytes(part.read(max_bytes + 1)) for part in parts] or [decode_picture(text) for text in texts]
    for data in pictures:
        refusal = _refusal(data, max_bytes)
        if refusal is not None:
            raise refusal
    return pictures


def read_uploads(request: Request, max_bytes: int, most: int) -> list[Upload]:
    """The picture files to keep, each with the reason why it cannot be; raises MissingImage or BadParameter."""
    parts = request.files.getlist("file")
    if not parts:
        raise MissingImage("Send one or several pictures as multipart parts named file.")
    _check_number(parts, most)
    names = request.form.getlist("name")
    if names and len(names) != len(parts):
        raise BadParameter(f"name is given once for each file: {len(parts)} times, not {len(names)}.")
    return [_upload(part, name, max_bytes) for part, name in zip(parts, names or [""] * len(parts), strict=True)]


def _upload(part: FileStorage, name: str, max_bytes: int) -> Upload:
    data = bytes(part.read(max_bytes + 1))
    return Upload(name or part.filename or "", data, _refusal(data, max_bytes))


def _check_number(pictures: Sequence[object], most: int) -> None:
    if len(pictures) > most:
        raise BadParameter(f"A request carries at most {most} pictures.")


def _refusal(data: bytes, max_bytes: int) -> PictureError | None:
    if not data:
        return EmptyImage("The picture has no bytes.")
    return ImageTooLarge(f"A picture has at most {max_bytes} bytes.") if len(data) > max_bytes else None
