"""A job as JSON: what a client sees, by answers and by events, and what is kept on disk."""

from collections import Counter
from typing import Annotated, Any

from pydantic import Field
from typing_extensions import TypedDict

from search_api.ingest.files import Failure
from search_api.ingest.summary import RESULTS, Result
from search_api.jobs.job import Job, JobState
from wire.openapi import Count


class FailureData(TypedDict):
    """A file that could not be indexed."""

    file_path: str
    error: str
    detail: str


class JobData(TypedDict):
    """A job."""

    id: str
    collection: str
    path: str
    prune: bool
    state: JobState
    started: str
    finished: str | None
    total: int | None
    done: Count
    rate: Annotated[float | None, Field(description="Files a second.")]
    pruned: Count
    failed: Count
    errors: dict[str, Count]
    failures: list[FailureData]
    error: str | None
    detail: str | None
    added: Count
    updated: Count
    unchanged: Count
    moved: Count
    shared: Count
    other_files: Count


def job_data(job: Job) -> JobData:
    """Return ``job`` as JSON: what a client sees, and what is kept on disk."""
    return {
        "id": job.id,
        "collection": job.collection,
        "path": job.path,
        "prune": job.prune,
        "state": job.state,
        "started": job.started,
        "finished": job.finished,
        "total": job.total,
        "done": job.done,
        "rate": job.rate,
        "pruned": job.pruned,
        "failed": job.failed,
        "errors": job.errors,
        "failures": [{"file_path": one.file_path, "error": one.error, "detail": one.detail} for one in job.failures],
        "error": job.error,
        "detail": job.detail,
        "added": job.counts["added"],
        "updated": job.counts["updated"],
        "unchanged": job.counts["unchanged"],
        "moved": job.counts["moved"],
        "shared": job.counts["shared"],
        "other_files": job.counts["other_files"],
    }


def read_job(data: dict[str, Any]) -> Job:
    """Return the job of ``job_data``; raises TypeError, KeyError or ValueError for anything else."""
    counts: Counter[Result] = Counter({result: int(data.pop(result)) for result in RESULTS})
    failures = [Failure(**failure) for failure in data.pop("failures")]
    return Job(**data, counts=counts, failures=failures)
