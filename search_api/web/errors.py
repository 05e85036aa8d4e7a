"""The error table of the search service: the contract's name for each exception that its code raises."""

from operator import attrgetter

from imaging.errors import ERROR_NAMES
from search_api.embedding.errors import ExtractorBusy, ExtractorUnavailable, ImageRejected
from search_api.images.edit import ConfirmMismatch
from search_api.images.upload_storage import UploadsNotWritable
from search_api.ingest.prune import WrongRoot
from search_api.stores.base import (
    BadQuery,
    BadRecord,
    ModelMismatch,
    StoreReadOnly,
    StoreTimeout,
    StoreUnavailable,
    ZeroQuery,
)
from search_api.web.auth import Forbidden, Unauthorized
from search_api.web.parameters import PageTooDeep
from serving.error_responses import ErrorTable, detail_of, error_name
from wire.base64_image import BadBase64
from wire.extraction import MissingImage
from wire.vectors import BadVector

ERRORS: ErrorTable = {
    **ERROR_NAMES,
    MissingImage: "missing_image",
    BadBase64: "bad_base64",
    BadVector: "bad_parameter",
    BadQuery: "bad_parameter",
    BadRecord: "bad_parameter",
    PageTooDeep: "page_too_deep",
    ZeroQuery: "no_features",
    ModelMismatch: "model_mismatch",
    WrongRoot: "not_found",
    ImageRejected: attrgetter("error"),
    ExtractorBusy: "busy",
    ExtractorUnavailable: "extractor_unavailable",
    StoreUnavailable: "store_unavailable",
    StoreReadOnly: "forbidden",
    StoreTimeout: "store_timeout",
    UploadsNotWritable: "store_unavailable",
    ConfirmMismatch: "confirm_mismatch",
    Unauthorized: "unauthorized",
    Forbidden: "forbidden",
}


def describe_error(error: Exception) -> tuple[str, str]:
    """Return the name of ``error`` and its sentence for clients."""
    name = error_name(error, ERRORS)
    return name, detail_of(error, name)
