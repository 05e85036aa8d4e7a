"""The extractor arguments of the command lines: a client that waits."""

import sys
from functools import partial

from search_api.embedding.client import PATIENT_SECONDS, ExtractorClient
from search_api.embedding.errors import ExtractorBusy, ExtractorUnavailable, ImageRejected
from search_api.settings import split_addresses

EXTRACTOR_ERRORS = (ExtractorUnavailable, ExtractorBusy, ImageRejected)


def retrying_client(addresses: str, deadline: float = PATIENT_SECONDS) -> ExtractorClient:
    """Return a client of the extractors at ``addresses`` that says on stderr when it begins to wait."""
    return ExtractorClient(split_addresses(addresses), deadline=deadline, on_wait=partial(print, file=sys.stderr))
