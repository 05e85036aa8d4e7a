"""The extractor as long commands use it: patiently."""

import sys
from functools import partial

from search_api.embedding.client import ExtractorClient
from search_api.embedding.errors import ExtractorBusy, ExtractorUnavailable, ImageRejected
from search_api.settings import split_addresses

EXTRACTOR_ERRORS = (ExtractorUnavailable, ExtractorBusy, ImageRejected)
_PATIENCE_SECONDS = 600.0  # an extractor that is away for this long is not coming back


def retrying_client(addresses: str, deadline: float = _PATIENCE_SECONDS) -> ExtractorClient:
    """A client of the extractors at ``addresses`` that tells on stderr when it begins to wait."""
    return ExtractorClient(split_addresses(addresses), deadline=deadline, on_wait=partial(print, file=sys.stderr))
