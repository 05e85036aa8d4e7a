"""How an ingest runs."""

from collections.abc import Callable
from dataclasses import dataclass


def _nothing() -> None:
    """Do nothing: what a hook does unless it is given."""


@dataclass(frozen=True)
class IngestOptions:
    """The bounds of an ingest, and how it is ended early.

    ``in_flight`` batches are with the extractor at once. What ``check_cancelled`` raises ends the run; it is called
    before each file. A run that ends early first calls ``abort``, so that calls that still wait for an extractor fail.
    """

    max_bytes: int
    in_flight: int = 1
    dry_run: bool = False
    abort: Callable[[], object] = _nothing
    check_cancelled: Callable[[], object] = _nothing


def batches_in_flight(extractors: int) -> int:
    """Return how many batches to keep busy: for each extractor one in the model, and the next one decoded."""
    return 2 * extractors
