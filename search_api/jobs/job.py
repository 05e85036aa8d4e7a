"""A job as it is kept and shown."""

import secrets
from collections import Counter
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any, Literal

from search_api.ingest.files import Failure
from search_api.ingest.summary import Counts, Summary

State = Literal["running", "stopping", "done", "failed", "stopped", "interrupted"]

ENDED: tuple[State, ...] = ("done", "failed", "stopped", "interrupted")
RESUMABLE: tuple[State, ...] = ("failed", "stopped", "interrupted")
_MAX_FAILURES = 200  # that are kept by name of their files; all are counted


@dataclass(frozen=True)
class Job:
    """``total`` is None while files are being counted; ``rate`` is in files a second; times are ISO 8601 in UTC.

    ``error`` and ``detail`` say why the state is failed. ``errors`` counts the files that failed by the name of the
    error, ``failures`` has the first of them.
    """

    id: str
    collection: str
    path: str
    prune: bool
    state: State
    started: str
    finished: str | None = None
    total: int | None = None
    done: int = 0
    rate: float | None = None
    counts: Counts = field(default_factory=Counts)
    failed: int = 0
    errors: dict[str, int] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    error: str | None = None
    detail: str | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing about it changes any more."""
        return self.state in ENDED


def new_job(collection: str, path: str, *, prune: bool) -> Job:
    """A job that begins now; its id cannot be guessed."""
    return Job(secrets.token_hex(8), collection, path, prune, "running", now())


def now() -> str:
    """This moment as jobs keep it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def counted(job: Job, summary: Summary, total: int | None, seconds: float) -> Job:
    """``job`` with what has been done in ``seconds``."""
    counts = Counts(**{one.name: getattr(summary, one.name) for one in fields(Counts)})
    failures = list(summary.failures)
    done = sum(asdict(counts).values()) - counts.pruned + len(failures)
    return replace(
        job,
        total=total,
        done=done,
        rate=round(done / seconds, 1) if done and seconds else None,
        counts=counts,
        failed=len(failures),
        errors=dict(Counter(failure.error for failure in failures)),
        failures=failures[:_MAX_FAILURES],
    )


def job_data(job: Job) -> dict[str, Any]:
    """As JSON: what a client sees, and what is kept on disk."""
    data = asdict(job)
    counts = data.pop("counts")
    return {**data, **counts}


def read_job(data: dict[str, Any]) -> Job:
    """The job of ``job_data``; raises TypeError, KeyError or ValueError for anything else."""
    counts = Counts(**{one.name: int(data.pop(one.name)) for one in fields(Counts)})
    failures = [Failure(**failure) for failure in data.pop("failures")]
    return Job(**data, counts=counts, failures=failures)
