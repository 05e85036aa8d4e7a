"""Creates the Flask app of a service, with what both services have in common."""

from collections.abc import Sequence

from flask import Flask, Response
from flask_cors import CORS
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from serving import body_limiter, error_responses, request_log
from serving.error_responses import ErrorTable
from wire import envelope


def new_app(
    name: str,
    errors: ErrorTable,
    registry: CollectorRegistry,
    *,
    max_body: int,
    max_bytes_in_flight: int,
    cors_origins: Sequence[str],
    exposed_headers: Sequence[str] = (),
) -> Flask:
    """Return an app with request ids, one log line a request, errors as JSON, body limits, CORS, /healthz and /metrics.

    ``max_body`` is the most bytes of one request's body, ``max_bytes_in_flight`` of all bodies at once.
    """
    app = Flask(name, static_folder=None)
    app.json.ensure_ascii = False  # type: ignore[attr-defined]  # the default provider has it
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.config["MAX_CONTENT_LENGTH"] = max_body
    app.config["MAX_FORM_MEMORY_SIZE"] = max_body  # Flask's own default would refuse a photo in a form field
    request_log.install(app)
    error_responses.install(app, errors)
    body_limiter.install(app, max_body, max_bytes_in_flight)
    CORS(
        app,
        origins=[origin.strip() for origin in cors_origins],
        expose_headers=list(exposed_headers),
        methods=["GET", "HEAD", "POST"],  # what reads; changes are for pages of the service itself
        supports_credentials=False,
    )

    @app.get("/healthz")
    def healthz() -> envelope.Envelope:
        return envelope.success({"status": "alive"})

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)

    return app
