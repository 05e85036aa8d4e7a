"""The routes of jobs: whoever may read may watch them, whoever may change may start and stop them."""

from flask import Blueprint, Response, request

from search_api.jobs.events import Events
from search_api.jobs.job import job_data
from search_api.jobs.manager import JobManager
from search_api.stores.catalogue import Catalogue
from search_api.web.auth import WritingGuard
from search_api.web.parameters import parse_collection, parse_folder
from search_api.web.validators import boolean
from serving.fields import read_fields
from wire import envelope


def make_job_routes(manager: JobManager, catalogue: Catalogue, guard: WritingGuard, *, max_streams: int) -> Blueprint:
    """The routes around the jobs of ``manager``."""
    routes = Blueprint("jobs", __name__)
    events = Events(manager, max_streams)

    @routes.before_request
    def guarded() -> None:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            guard.check(request)

    @routes.get("/jobs")
    def jobs() -> envelope.Envelope:
        return envelope.success({"jobs": [job_data(job) for job in manager.jobs()]})

    @routes.post("/jobs")
    def start_job() -> envelope.Envelope:
        fields = read_fields(request)
        collection = parse_collection(fields)
        catalogue.check(collection)
        job = manager.start(collection, parse_folder(fields), prune=boolean(fields, "prune"))
        return envelope.success(job_data(job))

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

    @routes.post("/jobs/<id_>/resume")
    def resume_job(id_: str) -> envelope.Envelope:
        return envelope.success(job_data(manager.resume(id_)))

    @routes.delete("/jobs/<id_>")
    def stop_job(id_: str) -> envelope.Envelope:
        return envelope.success(job_data(manager.stop_or_forget(id_)))

    return routes
