"""The extractor as long commands use it: patiently, and with enough on the way that it never waits for them."""

import sys
from functools import partial

from search_api.extractor_client import ExtractorBusy, ExtractorClient, ExtractorUnavailable, PictureRejected
from search_api.settings import split_addresses

EXTRACTOR_ERRORS = (ExtractorUnavailable, ExtractorBusy, PictureRejected)
_PATIENCE_SECONDS = 600.0  # an extractor that is away for this long is not coming back
_IN_FLIGHT_PER_ADDRESS = 2  # one batch in the model, the next one decoded and waiting


def patient_client(addresses: str, deadline: float = _PATIENCE_SECONDS) -> ExtractorClient:
    """A client of the extractors at ``addresses`` that tells on stderr when it begins to wait."""
    return ExtractorClient(split_addresses(addresses), deadline=deadline, say=partial(print, file=sys.stderr))


def batches_in_flight(client: ExtractorClient) -> int:
    """How many batches to have on the way."""
    return _IN_FLIGHT_PER_ADDRESS * client.addresses
