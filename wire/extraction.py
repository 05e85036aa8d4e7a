"""The extraction protocol: requests to the extractor, and its answers as a client reads them.

The extractor reads requests with :func:`read_single` and :func:`read_batch`; the search API and the scripts build
them with :func:`batch_request` and read the answer with :func:`read_answer`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wire.base64_image import BadBase64, decode_image
from wire.vectors import ENCODINGS, BadVector, Encoding, Vector, decode_vector

BATCH_ROUTE = "/calFeatureVectors"
FINGERPRINT_HEADER = "X-Model-Fingerprint"
REQUEST_ID_HEADER = "X-Request-ID"
MAX_BATCH = 64


class BadExtractRequest(ValueError):
    """A field of the request has a value that is not allowed; the message names both."""


class MissingImage(ValueError):
    """The request carries no image."""


class BadAnswer(ValueError):
    """The extractor's answer does not follow this protocol."""


@dataclass(frozen=True)
class Rejected:
    """Why an image of a batch has no vector: an error name and a sentence."""

    error: str
    detail: str


@dataclass(frozen=True)
class BatchRequest:
    """A batch of images, each as bytes or as the error why its text could not be decoded."""

    images: Sequence[bytes | BadBase64]
    encoding: Encoding
    box: Any


def read_single(fields: Mapping[str, Any]) -> tuple[bytes, Any]:
    """Return the image's bytes and the raw ``box`` of a request for one vector; raises MissingImage or BadBase64."""
    if fields.get("img") is None:
        raise MissingImage("Send the image as base64 in the field img.")
    return decode_image(fields["img"]), fields.get("box")


def read_batch(fields: Mapping[str, Any], files: Sequence[bytes]) -> BatchRequest:
    """Return the batch in ``fields`` (base64 texts in ``imgs``) or in ``files``, the multipart parts.

    Raises MissingImage or BadExtractRequest.
    """
    encoding = fields.get("encoding", "float")
    if encoding not in ENCODINGS:
        raise BadExtractRequest(f"encoding must be one of {', '.join(ENCODINGS)}.")
    texts = fields.get("imgs")
    if texts is not None and files:
        raise BadExtractRequest("Send imgs or file parts, not both.")
    if isinstance(texts, str):
        texts = [texts]
    if texts is not None and not isinstance(texts, list):
        raise BadExtractRequest("imgs must be a list of base64 texts.")
    items: Sequence[Any] = files or texts or ()
    if not items:
        raise MissingImage("Send images as a list of base64 texts in imgs, or as multipart parts named file.")
    if len(items) > MAX_BATCH:
        raise BadExtractRequest(f"A request carries at most {MAX_BATCH} images; this one has {len(items)}.")
    images = list(files) if files else [_decode_or_error(text) for text in items]
    return BatchRequest(images, encoding, fields.get("box"))


def _decode_or_error(text: Any) -> bytes | BadBase64:
    try:
        return decode_image(text)
    except BadBase64 as error:
        return error


def batch_request(images: Sequence[bytes], box: str | None) -> tuple[dict[str, str], list[tuple[str, Any]]]:
    """Return form fields and multipart files of a request for the packed vectors of ``images``."""
    fields = {"encoding": "base64"} if box is None else {"encoding": "base64", "box": box}
    return fields, [("file", ("image", data, "application/octet-stream")) for data in images]


def read_answer(body: Any, expected: int) -> tuple[list[Vector | Rejected], str]:
    """Return the ``expected`` items of a batch answer, in order, and the model's fingerprint; raises BadAnswer."""
    try:
        data = body["data"]
        items = [_read_item(item) for item in data["items"]]
        fingerprint = str(data["model"])
    except (TypeError, KeyError, BadVector) as error:
        raise BadAnswer(f"The extractor's answer cannot be read ({error!r}).") from None
    if len(items) != expected:
        raise BadAnswer(f"The extractor answered {len(items)} items for {expected} images.")
    return items, fingerprint


def _read_item(item: Mapping[str, Any]) -> Vector | Rejected:
    if "error" in item:
        return Rejected(str(item["error"]), str(item.get("detail", "")))
    return decode_vector(item["vector"])
