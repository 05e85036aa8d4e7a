"""The parts that the routes are made around."""

from collections.abc import Callable
from dataclasses import dataclass

from search_api.embedding.client import ExtractorClient
from search_api.images.thumbnails import ImageFiles
from search_api.images.upload_storage import UploadStorage
from search_api.jobs.manager import JobManager
from search_api.stores.catalogue import Catalogue
from search_api.web.auth import WritingGuard
from search_api.web.metrics import SearchMetrics


@dataclass(frozen=True)
class RequestLimits:
    """The bounds of a request: bytes of an image, images added at once, streams of events, candidates of ann."""

    max_bytes: int
    max_files: int
    max_streams: int
    ann_candidates: int


@dataclass(frozen=True)
class Services:
    """All that routes need. ``suggested_threshold`` answers soon, with None while the extractor is away."""

    catalogue: Catalogue
    extractor: ExtractorClient
    files: ImageFiles
    storage: UploadStorage
    jobs: JobManager
    guard: WritingGuard
    metrics: SearchMetrics
    suggested_threshold: Callable[[], float | None]
    limits: RequestLimits
