"""A job while it runs: its progress, saved now and then, and its cancellation."""

import time
from collections.abc import Callable
from dataclasses import replace

from search_api.ingest.summary import Progress
from search_api.jobs.cancellation import Cancellation
from search_api.jobs.job import Job, with_progress

_SAVE_SECONDS = 2.0


class JobRun:
    """A running job; ``save`` is called with it every few seconds."""

    def __init__(self, job: Job, save: Callable[[Job], object]) -> None:
        self.job = job  # as it began
        self.cancellation = Cancellation()
        self.progress = Progress(self._on_progress)
        self._save = save
        self._began = self._saved = time.monotonic()
        self._total: int | None = None

    def snapshot(self) -> Job:
        """Return the job as it is now."""
        job = with_progress(self.job, self.progress.summary, self._total, time.monotonic() - self._began)
        return replace(job, state="stopping") if self.cancellation.requested else job

    def set_total(self, total: int) -> None:
        """Note how many files there are."""
        self._total = total

    def _on_progress(self) -> None:
        if time.monotonic() - self._saved > _SAVE_SECONDS:
            self._saved = time.monotonic()
            self._save(self.snapshot())
