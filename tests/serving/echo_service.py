"""The smallest service that has all that the two real ones share: ``python -m tests.serving.echo_service``.

ECHO_PORT is where it listens; ECHO_REFUSES makes it refuse to start.
"""

import os
import threading
from collections.abc import Iterator

from flask import Flask, Response, request
from prometheus_client import CollectorRegistry

from serving import body_limiter
from serving.fields import read_fields
from serving.flask_app import new_app
from serving.gunicorn import CannotStart, at_exit, serve
from serving.logs import configure_logs
from wire import envelope

MAX_BODY = 8 << 20


class Teapot(ValueError):
    """An exception of the service's own, named in its table."""


class SmallTeapot(Teapot):
    """Not in the table itself."""


def create_echo(max_body: int = MAX_BODY, cors_origins: tuple[str, ...] = ("*",)) -> Flask:
    """Return a service that answers the fields it is sent."""
    app = new_app(
        "echo",
        {Teapot: "bad_box"},
        CollectorRegistry(),
        max_body=max_body,
        max_bytes_in_flight=max_body,
        cors_origins=cors_origins,
    )

    @app.get("/readyz")
    def readyz() -> envelope.Envelope:
        return envelope.success({"status": "ready"})

    @app.route("/echo", methods=["GET", "POST"])
    def echo() -> envelope.Envelope:
        return envelope.success(read_fields(request))

    closing = threading.Event()
    at_exit(app, closing.set)

    @app.get("/stream")
    def stream() -> Response:
        def lines() -> Iterator[str]:
            yield "begun\n"
            closing.wait()
            yield "ended\n"

        return Response(lines(), mimetype="text/plain")

    @app.post("/fail/<kind>")
    def fail(kind: str) -> envelope.Envelope:
        raise {"teapot": SmallTeapot("I am small."), "bug": KeyError("password=hunter2")}[kind]

    return app


def main() -> None:
    configure_logs("json")
    body_limiter._READ_SECONDS = 1  # tests do not wait for half a minute

    def create() -> Flask:
        if os.environ.get("ECHO_REFUSES"):
            raise CannotStart("The kettle is missing: buy one.")
        return create_echo()

    serve(create, "127.0.0.1", int(os.environ["ECHO_PORT"]), threads=8)


if __name__ == "__main__":
    main()
