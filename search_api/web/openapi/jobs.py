"""Jobs, described."""

from typing import Any, get_args

from search_api.jobs.job import State
from search_api.web.openapi.schemas import COLLECTION, COUNT, ID_IN_PATH, SEEN, TEXT, change
from wire.openapi import Schema, operation, plain_operation, record

_OF_ONE = [ID_IN_PATH]
_FILES = ("done", "added", "updated", "unchanged", "moved", "shared", "other_files", "pruned", "failed")


def paths() -> dict[str, Any]:
    """The routes of jobs."""
    wanted = {"path": TEXT, "prune": {"type": "boolean", "default": False}, "collection": COLLECTION}
    body = {"schema": record(wanted, [])}
    starting = change(
        "Index a folder below the image root in the background",
        _job(),
        ("bad_parameter", "unsupported_media_type", "image_too_large", "busy", *SEEN),
        body={"required": True, "content": {"application/json": body}},
    )
    as_list = record({"jobs": {"type": "array", "items": _job()}})
    events = {"description": "Server-sent events whose data are the job as JSON."}
    stream = plain_operation("Its progress as it is made", "text/event-stream", events, ("not_found", "busy"))
    return {
        "/jobs": {"get": operation("All jobs, the newest first", as_list, ()), "post": starting},
        "/jobs/{id}": {
            "get": operation("How far a job is", _job(), ("not_found",), parameters=_OF_ONE),
            "delete": change("Stop a job, or forget one that has ended", _job(), ("not_found",), parameters=_OF_ONE),
        },
        "/jobs/{id}/events": {"get": {**stream, "parameters": _OF_ONE}},
        "/jobs/{id}/resume": {
            "post": change(
                "Go on with a job",
                _job(),
                ("bad_parameter", "busy", "not_found"),
                parameters=_OF_ONE,
            )
        },
    }


def _job() -> Schema:
    maybe_text = {"type": ["string", "null"]}
    failure = record({"file_path": TEXT, "error": TEXT, "detail": TEXT})
    return record(
        {
            "id": TEXT,
            "collection": TEXT,
            "path": TEXT,
            "prune": {"type": "boolean"},
            "state": {"enum": list(get_args(State))},
            "started": TEXT,
            "finished": maybe_text,
            "total": {"type": ["integer", "null"]},
            "rate": {"type": ["number", "null"], "description": "Files a second."},
            **dict.fromkeys(_FILES, COUNT),
            "errors": {"type": "object", "additionalProperties": COUNT},
            "failures": {"type": "array", "items": failure},
            "error": maybe_text,
            "detail": maybe_text,
        }
    )
