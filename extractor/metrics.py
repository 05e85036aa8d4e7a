"""The extractor's metrics, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class ExtractorMetrics:
    """The metrics of one service, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._images = Counter(
            "extractor_images", "Images by result: ok or an error's name.", ["result"], registry=self.registry
        )
        self._seconds = Histogram(
            "extractor_seconds",
            "Seconds by stage: decode (an image), queue and model (a batch).",
            ["stage"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._batch_size = Histogram(
            "extractor_batch_size",
            "Images in a forward pass of the network.",
            buckets=(1, 2, 4, 8, 16, 32, 64),
            registry=self.registry,
        )

    def image(self, result: str) -> None:
        """Count one image by its result."""
        self._images.labels(result).inc()

    def decoded(self, seconds: float) -> None:
        """Time the decoding of one image."""
        self._seconds.labels("decode").observe(seconds)

    def batch(self, images: int, queued: float, model: float) -> None:
        """Time one forward pass of ``images`` images, and the longest wait of one of them before it."""
        self._batch_size.observe(images)
        self._seconds.labels("queue").observe(queued)
        self._seconds.labels("model").observe(model)
