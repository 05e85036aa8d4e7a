"""The extractor in this process: the same model and the same vectors, without HTTP."""

from collections.abc import Sequence

from extractor.app import ERRORS
from extractor.loading import embedder_from_settings
from extractor.metrics import ExtractorMetrics
from extractor.service import ExtractionService
from extractor.settings import ExtractorSettings
from imaging import Box
from search_api.embedding.extraction import Extraction
from serving.error_responses import detail_of, error_name
from wire.extraction import Rejected


class LocalExtractor:
    """An extractor in this process, with the same :meth:`embed` as the client of the service."""

    def __init__(self, settings: ExtractorSettings) -> None:
        embedder = embedder_from_settings(settings)
        self.fingerprint = str(embedder.fingerprint)
        self.dim = embedder.model.dim
        self._service = ExtractionService(embedder, ExtractorMetrics(), settings.max_pixels, settings.queue)

    def embed(self, images: Sequence[bytes], box: Box | None = None) -> Extraction:
        """Return the vectors of ``images``, or why they have none; raises Busy."""
        results = self._service.embed(images, box)
        items = [self._rejected(result) if isinstance(result, Exception) else result for result in results]
        return Extraction(items, self.fingerprint)

    def _rejected(self, error: Exception) -> Rejected:
        name = error_name(error, ERRORS)
        return Rejected(name, detail_of(error, name))

    def close(self) -> None:
        """Stop the threads."""
        self._service.close()
