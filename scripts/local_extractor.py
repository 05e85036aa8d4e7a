"""The extractor in this process: the same model and the same answers, without HTTP."""

from collections.abc import Sequence

from extractor.app import ERRORS
from extractor.loading import embedder_from
from extractor.metrics import ExtractorMetrics
from extractor.service import ExtractionService
from extractor.settings import ExtractorSettings
from imaging import Box
from search_api.embedding.extraction import Extraction
from serving.error_responses import detail_of, error_name
from wire.extraction import Rejected


class LocalExtractor:
    """Loads the model that the settings name; :meth:`embed` does what the extractor client's does."""

    def __init__(self, settings: ExtractorSettings) -> None:
        embedder = embedder_from(settings)
        self.fingerprint = str(embedder.fingerprint)
        self.dim = embedder.model.dim
        self._service = ExtractionService(embedder, ExtractorMetrics(), settings.max_pixels, settings.queue)

    def embed(self, images: Sequence[bytes], box: Box | None = None) -> Extraction:
        """The vectors of ``images``, or why they have none."""
        outcomes = self._service.embed(images, box)
        items = [self._rejected(o) if isinstance(o, Exception) else o for o in outcomes]
        return Extraction(items, self.fingerprint)

    def _rejected(self, error: Exception) -> Rejected:
        name = error_name(error, ERRORS)
        return Rejected(name, detail_of(error, name))

    def close(self) -> None:
        """Stop the threads."""
        self._service.close()
