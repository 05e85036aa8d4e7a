"""The routes of jobs: reading clients may watch them, clients that may change something may start and stop them."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from search_api.jobs.events import Events
from search_api.jobs.job_data import job_data
from search_api.web.auth import guard_changes
from search_api.web.parameters import parse_collection
from search_api.web.responses import jobs_data
from search_api.web.services import Services
from search_api.web.validators import boolean, valid_text
from serving.errors import BadParameter
from serving.fields import read_fields
from wire import envelope


def make_job_routes(services: Services) -> Blueprint:
    """Return the routes around the jobs of ``services``."""
    routes = Blueprint("jobs", __name__)
    guard_changes(routes, services.guard)
    manager = services.jobs
    events = Events(manager, services.limits.max_streams)

    @routes.get("/jobs")
    def jobs() -> envelope.Envelope:
        return envelope.success(jobs_data(manager.jobs()))

    @routes.post("/jobs")
    def start() -> envelope.Envelope:
        fields = read_fields(request)
        collection = parse_collection(fields)
        services.catalogue.check(collection)
        return envelope.success(job_data(manager.start(collection, _folder(fields), prune=_prune(fields))))

    @routes.get("/jobs/<id_>")
    def job(id_: str) -> envelope.Envelope:
        return envelope.success(job_data(manager.get(id_)))

    @routes.get("/jobs/<id_>/events")
    def job_events(id_: str) -> Response:
        answer = Response(events.open(id_), mimetype="text/event-stream")
        answer.call_on_close(events.release)
        answer.headers["Cache-Control"] = "no-store"
        answer.headers["X-Accel-Buffering"] = "no"  # nginx would hold the events back
        return answer

    @routes.post("/jobs/<id_>/cancel")
    def cancel(id_: str) -> envelope.Envelope:
        return envelope.success(job_data(manager.cancel(id_)))

    @routes.post("/jobs/<id_>/resume")
    def resume(id_: str) -> envelope.Envelope:
        return envelope.success(job_data(manager.resume(id_)))

    @routes.delete("/jobs/<id_>")
    def cancel_or_delete(id_: str) -> envelope.Envelope:
        return envelope.success(job_data(manager.cancel_or_delete(id_)))

    return routes


def _folder(fields: Mapping[str, Any]) -> str:
    """Return the ``path`` of a job, not looked at yet."""
    path = fields.get("path")
    if not isinstance(path, str):
        raise BadParameter("path is a folder below the image root; an empty text means all of it.")
    return valid_text(path, "path")


def _prune(fields: Mapping[str, Any]) -> bool:
    value = fields.get("prune")
    return value is not None and value != "" and boolean(value, "prune")
