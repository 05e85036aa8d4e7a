"""The routes of jobs, described."""

from typing import Any

from search_api.jobs.job_data import JobData
from search_api.web.openapi.schemas import COLLECTION_ERRORS, ID_IN_PATH, TEXT, change
from search_api.web.parameters import COLLECTION
from search_api.web.response_types import JobsData
from wire.openapi import Schema, operation, plain_operation, record, schema_of

_OF_ONE = [ID_IN_PATH]


def paths() -> dict[str, Any]:
    """Return the routes of jobs."""
    events = {"description": "Server-sent events whose data are the job as JSON."}
    stream = plain_operation("Its progress as it is made", "text/event-stream", events, ("not_found", "busy"))
    return {
        "/jobs": {"get": operation("All jobs, the newest first", schema_of(JobsData), ()), "post": _starting()},
        "/jobs/{id}": {
            "get": operation("How far a job is", schema_of(JobData), ("not_found",), parameters=_OF_ONE),
            "delete": _changing("Cancel a job, or delete one that has ended"),
        },
        "/jobs/{id}/events": {"get": {**stream, "parameters": _OF_ONE}},
        "/jobs/{id}/cancel": {"post": _changing("Cancel a job; one that has ended stays as it is")},
        "/jobs/{id}/resume": {"post": _changing("Go on with a job", "bad_parameter", "busy")},
    }


def _starting() -> Schema:
    fields = {
        "path": TEXT,
        "prune": {"type": "boolean", "default": False},
        COLLECTION.name: COLLECTION.schema,
    }
    return change(
        "Index a folder below the image root in the background",
        schema_of(JobData),
        ("bad_parameter", "unsupported_media_type", "image_too_large", "busy", *COLLECTION_ERRORS),
        body={"required": True, "content": {"application/json": {"schema": record(fields, [])}}},
    )


def _changing(summary: str, *errors: str) -> Schema:
    return change(summary, schema_of(JobData), ("not_found", *errors), parameters=_OF_ONE)
