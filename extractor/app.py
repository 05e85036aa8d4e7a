"""The extractor's routes."""

from typing import Any

from flask import Flask, Response, jsonify, request

from extractor.batcher import Busy, Closed
from extractor.embedder import NoFeatures
from extractor.metrics import ExtractorMetrics
from extractor.openapi import document
from extractor.responses import BatchAnswer, Embedded, ModelDescription, Refused
from extractor.service import ExtractionService, NotReady, VectorOrError
from imaging import parse_box
from imaging.errors import ERROR_NAMES
from serving.error_responses import ErrorTable, detail_of, error_name
from serving.fields import read_fields
from serving.flask_app import new_app
from wire import envelope
from wire.base64_image import BadBase64
from wire.extraction import (
    BATCH_ROUTE,
    FINGERPRINT_HEADER,
    REQUEST_ID_HEADER,
    BadExtractRequest,
    MissingImage,
    read_batch,
    read_single,
)
from wire.vectors import Encoding, encode_vector

ERRORS: ErrorTable = {
    **ERROR_NAMES,
    MissingImage: "missing_image",
    BadBase64: "bad_base64",
    BadExtractRequest: "bad_parameter",
    NoFeatures: "no_features",
    Busy: "busy",
    Closed: "not_ready",
    NotReady: "not_ready",
}


def create_app(
    extraction: ExtractionService,
    metrics: ExtractorMetrics,
    description: ModelDescription,
    *,
    max_body: int,
    cors_origins: str,
) -> Flask:
    """Return the app around ``extraction``; ``description`` is what GET /model answers."""
    app = new_app(
        __name__,
        ERRORS,
        metrics.registry,
        max_body=max_body,
        max_bytes_in_flight=max_body,
        cors_origins=cors_origins.split(","),
        exposed_headers=(FINGERPRINT_HEADER, REQUEST_ID_HEADER),
    )
    fingerprint = str(extraction.embedder.fingerprint)
    openapi = document(extraction.embedder.model.dim)

    def with_fingerprint(data: Any) -> Response:
        answer = jsonify(envelope.success(data))
        answer.headers[FINGERPRINT_HEADER] = fingerprint
        return answer

    def count(result: VectorOrError | BadBase64) -> str:
        """Count an image in the metrics; return its error's name, or ok."""
        name = error_name(result, ERRORS) if isinstance(result, Exception) else "ok"
        metrics.image(name)
        return name

    def item(result: VectorOrError | BadBase64, encoding: Encoding) -> Embedded[list[float] | str] | Refused:
        name = count(result)
        if isinstance(result, Exception):
            return {"error": name, "detail": detail_of(result, name)}
        return {"vector": encode_vector(result, encoding)}

    @app.post("/imageFeatureVector/calFeatureVector")
    @app.post("/calFeatureVector")
    def calculate_one() -> Response:
        data, box = read_single(read_fields(request))
        (result,) = extraction.embed([data], parse_box(box))
        count(result)
        if isinstance(result, Exception):
            raise result
        return with_fingerprint(encode_vector(result, "float"))

    @app.post(BATCH_ROUTE)
    def calculate_many() -> Response:
        batch = read_batch(read_fields(request), [file.read() for file in request.files.getlist("file")])
        readable = [image for image in batch.images if isinstance(image, bytes)]
        results = iter(extraction.embed(readable, parse_box(batch.box)))
        answer: BatchAnswer[list[float] | str, int] = {
            "model": fingerprint,
            "dim": extraction.embedder.model.dim,
            "items": [
                item(next(results) if isinstance(image, bytes) else image, batch.encoding) for image in batch.images
            ],
        }
        return with_fingerprint(answer)

    @app.get("/model")
    def model() -> Response:
        return with_fingerprint(description)

    @app.get("/readyz")
    def readyz() -> envelope.Envelope:
        extraction.check()
        return envelope.success({"status": "ready"})

    @app.get("/openapi.json")
    def openapi_json() -> dict[str, Any]:
        return openapi

    return app
