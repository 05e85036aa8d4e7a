"""The error names of both services and the HTTP status each one is sent with.

Clients branch on the names, so a name is never changed and never moves to another status.
"""

from collections.abc import Mapping
from types import MappingProxyType

IMAGE_ERRORS = (
    "missing_image",
    "empty_image",
    "bad_base64",
    "not_an_image",
    "unsupported_format",
    "truncated_image",
    "bad_box",
    "image_too_large",
    "too_many_pixels",
    "no_features",
)

STATUS: Mapping[str, int] = MappingProxyType(
    {
        "missing_image": 400,
        "empty_image": 400,
        "bad_base64": 400,
        "not_an_image": 400,
        "unsupported_format": 400,
        "truncated_image": 400,
        "bad_box": 400,
        "bad_parameter": 400,
        "page_too_deep": 400,
        "unauthorized": 401,
        "forbidden": 403,
        "not_found": 404,
        "method_not_allowed": 405,
        "model_mismatch": 409,
        "confirm_mismatch": 409,
        "image_too_large": 413,
        "unsupported_media_type": 415,
        "too_many_pixels": 422,
        "no_features": 422,
        "busy": 429,
        "internal": 500,
        "extractor_unavailable": 503,
        "store_unavailable": 503,
        "not_ready": 503,
        "store_timeout": 504,
    }
)
