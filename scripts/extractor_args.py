"""The extractor as long commands use it: patiently."""

import sys
from functools import partial

from search_api.embedding.client import ExtractorBusy, ExtractorClient, ExtractorUnavailable, PictureRejected
from search_api.settings import split_addresses

EXTRACTOR_ERRORS = (ExtractorUnavailable, ExtractorBusy, PictureRejected)
_PATIENCE_SECONDS = 600.0  # an extractor that is away for this long is not coming back


def patient_client(addresses: str, deadline: float = _PATIENCE_SECONDS) -> ExtractorClient:
    """A client of the extractors at ``addresses`` that tells on stderr when it begins to wait."""
    return ExtractorClient(split_addresses(addresses), deadline=deadline, say=partial(print, file=sys.stderr))
