"""What can go wrong between the search service and the extractor."""

from wire.errors import STATUS
from wire.extraction import Rejected


class ExtractorUnavailable(RuntimeError):
    """No address of the extractor answers in time."""


class BadAddress(ExtractorUnavailable):
    """A text that should be the address of an extractor, and is not an address."""


class NotAnExtractor(ExtractorUnavailable):
    """Something answers at the address, but not as an extractor does."""


class ExtractorCrashes(ExtractorUnavailable):
    """The extractor fails again and again in the middle of these images, and is ready in between."""


class ExtractorBusy(RuntimeError):
    """The extractor kept saying that it is busy until the deadline."""


class ImageRejected(ValueError):
    """The extractor refuses an image, or a parameter that goes with it, by name."""

    def __init__(self, reason: Rejected) -> None:
        super().__init__(reason.detail)
        self.error = reason.error if reason.error in STATUS else "extractor_unavailable"
