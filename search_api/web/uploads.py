"""The images in a request: multipart ``file`` parts, or base64 in ``img``."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Request
from werkzeug.datastructures import FileStorage

from imaging.errors import EmptyImage, ImageError, ImageTooLarge
from search_api.images.add import Upload
from search_api.web.validators import as_list
from serving.errors import BadParameter
from wire.base64_image import decode_image
from wire.extraction import MissingImage


def read_images(request: Request, fields: Mapping[str, Any], max_bytes: int, max_count: int) -> list[bytes]:
    """Return the bytes of the images in a request.

    Raises MissingImage, EmptyImage, BadBase64, ImageTooLarge or BadParameter.
    """
    parts = request.files.getlist("file")
    texts = [] if parts else [text for name in ("img", "imgs") for text in as_list(fields.get(name))]
    if not parts and not texts:
        raise MissingImage("Send the image as a multipart part named file, or as base64 in the field img.")
    _check_number(parts or texts, max_count)
    images = [bytes(part.read(max_bytes + 1)) for part in parts] or [decode_image(text) for text in texts]
    for data in images:
        refusal = _refusal(data, max_bytes)
        if refusal is not None:
            raise refusal
    return images


def read_uploads(request: Request, max_bytes: int, max_count: int) -> list[Upload]:
    """Return the image files to add, each with the reason if it cannot be; raises MissingImage or BadParameter."""
    parts = request.files.getlist("file")
    if not parts:
        raise MissingImage("Send one or several images as multipart parts named file.")
    _check_number(parts, max_count)
    names = request.form.getlist("name")
    if names and len(names) != len(parts):
        raise BadParameter(f"name is given once for each file: {len(parts)} times, not {len(names)}.")
    return [_upload(part, name, max_bytes) for part, name in zip(parts, names or [""] * len(parts), strict=True)]


def _upload(part: FileStorage, name: str, max_bytes: int) -> Upload:
    data = bytes(part.read(max_bytes + 1))
    return Upload(name or part.filename or "", data, _refusal(data, max_bytes))


def _check_number(images: Sequence[object], max_count: int) -> None:
    if len(images) > max_count:
        raise BadParameter(f"A request carries at most {max_count} images.")


def _refusal(data: bytes, max_bytes: int) -> ImageError | None:
    if not data:
        return EmptyImage("The image has no bytes.")
    return ImageTooLarge(f"An image has at most {max_bytes} bytes.") if len(data) > max_bytes else None
