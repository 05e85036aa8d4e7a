"""A job as it is kept and shown."""

import secrets
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Literal

from search_api.ingest.files import Failure
from search_api.ingest.summary import IngestSummary, Result

JobState = Literal["running", "stopping", "done", "failed", "stopped", "interrupted"]

ENDED: tuple[JobState, ...] = ("done", "failed", "stopped", "interrupted")
RESUMABLE: tuple[JobState, ...] = ("failed", "stopped", "interrupted")
_MAX_FAILURES = 200  # that are kept with the names of their files; all are counted


@dataclass(frozen=True)
class Job:
    """The ingest of one folder. ``total`` is None while files are being counted; times are ISO 8601 in UTC.

    ``rate`` is in files a second. ``error`` and ``detail`` say why the state is failed. ``errors`` counts the files
    that failed by the name of the error, ``failures`` has the first of them.
    """

    id: str
    collection: str
    path: str
    prune: bool
    state: JobState
    started: str
    finished: str | None = None
    total: int | None = None
    done: int = 0
    rate: float | None = None
    counts: Counter[Result] = field(default_factory=Counter)
    pruned: int = 0
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
    """Return a job that begins now; its id cannot be guessed."""
    return Job(secrets.token_hex(8), collection, path, prune, "running", now())


def now() -> str:
    """Return this moment as jobs keep it."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def with_progress(job: Job, summary: IngestSummary, total: int | None, seconds: float) -> Job:
    """Return ``job`` with what has been done in ``seconds``."""
    failures = list(summary.failures)
    done = summary.counts.total() + len(failures)
    return replace(
        job,
        total=total,
        done=done,
        rate=round(done / seconds, 1) if done and seconds else None,
        counts=Counter(summary.counts),
        pruned=summary.pruned,
        failed=len(failures),
        errors=dict(Counter(failure.error for failure in failures)),
        failures=failures[:_MAX_FAILURES],
    )
