"""The extractor as users start it, by default with EfficientNet-Lite0."""

from pathlib import Path

import psutil

from tests.paths import CACHE
from tests.servers.process import Service

_SETTINGS = {"MODEL": "efficientnet_lite0", "ENGINE": "openvino", "CACHE_DIR": str(CACHE)}


def extractor(log: Path, settings: dict[str, str] | None = None, memory_limit: int | None = None) -> Service:
    """An extractor that is not started yet."""
    return Service("extractor.wsgi", "EXTRACTOR", {**_SETTINGS, **(settings or {})}, log, memory_limit=memory_limit)


def worker_of(service: Service) -> psutil.Process:
    """The process that holds the network."""
    (worker,) = psutil.Process(service.pid).children()
    return worker
