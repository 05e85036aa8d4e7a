"""The extractor around the dummy network as a service of its own: ``python -m tests.servers.dummy_extractor``.

It takes the extractor's settings, in ``EXTRACTOR_SECONDS_A_BATCH`` how long its network thinks, and in
``EXTRACTOR_SEED`` which of many such models it is.
"""

import os
import time
from dataclasses import replace
from pathlib import Path

from flask import Flask

from extractor.engines.base import Batch, Vectors
from extractor.settings import ExtractorSettings
from extractor.wsgi import create_around
from imaging import Limits
from serving.gunicorn import serve
from serving.logs import configure_logs
from tests.extractor.dummy import FINGERPRINT, DummyEngine, dummy_embedder
from tests.servers.process import Service

_THREADS = 16


class _SlowEngine(DummyEngine):
    def __init__(self, seconds: float, seed: int) -> None:
        super().__init__(seed)
        self._seconds = seconds

    def run(self, batch: Batch) -> Vectors:
        time.sleep(self._seconds)
        return super().run(batch)


def dummy_extractor(log: Path, port: int | None = None, **settings: object) -> Service:
    """Return such a service, not yet started; ``settings`` are without their prefix."""
    texts = {name.upper(): str(value) for name, value in settings.items()}
    return Service("tests.servers.dummy_extractor", "EXTRACTOR", texts, log, port)


def create(settings: ExtractorSettings, seconds: float, seed: int) -> Flask:
    """Return the app, as extractor.wsgi makes it."""
    limits = Limits(settings.max_bytes, settings.max_pixels)
    fingerprint = replace(FINGERPRINT, weights=f"{0xD0 + seed:02x}" * 32)
    return create_around(dummy_embedder(_SlowEngine(seconds, seed), limits, fingerprint=fingerprint), settings)


def main() -> None:
    settings = ExtractorSettings()
    configure_logs(settings.log_format)
    seconds = float(os.environ.get("EXTRACTOR_SECONDS_A_BATCH", "0"))
    seed = int(os.environ.get("EXTRACTOR_SEED", "0"))
    serve(lambda: create(settings, seconds, seed), settings.host, settings.port, settings.queue + _THREADS)


if __name__ == "__main__":
    main()
