"""The metrics of the search service, for Prometheus."""

from collections.abc import Callable

from flask import Flask, Response, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class SearchMetrics:
    """The metrics of one service, in ``registry``; ``count_images`` is called whenever they are read."""

    def __init__(self, count_images: Callable[[], float]) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "search_requests", "Requests by route and status.", ["route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "search_seconds",
            "Seconds of a search, and of its stages.",
            ["stage"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        images = Gauge("search_images", "How many images are indexed; NaN when unknown.", registry=self.registry)
        images.set_function(count_images)

    def count_requests(self, app: Flask) -> None:
        """Count every answer of ``app`` by route and status."""

        @app.after_request
        def count(answer: Response) -> Response:
            self._requests.labels(str(request.url_rule or "unknown"), str(answer.status_code)).inc()
            return answer

    def search(self, seconds: dict[str, float]) -> None:
        """Observe the stages of one search, in seconds."""
        for stage, value in seconds.items():
            self._seconds.labels(stage).observe(value)
