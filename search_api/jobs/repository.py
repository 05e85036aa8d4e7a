"""Jobs on disk, one file each, so that they outlive the service."""

import json
import logging
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from search_api.atomic_file import write_atomic
from search_api.jobs.job import Job
from search_api.jobs.job_data import job_data, read_job

MAX_KEPT_JOBS = 100
_ID = re.compile("[0-9a-f]{16}")

log = logging.getLogger(__name__)


class JobRepository:
    """The jobs in ``folder``. A full disk costs the record of a job, and not the job."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self) -> dict[str, Job]:
        """Return all jobs by id, the oldest first. Those that had not ended were interrupted."""
        jobs = []
        for path in self._folder.glob("*.json"):
            try:
                job = read_job(json.loads(path.read_text()))
                if not _ID.fullmatch(job.id) or path != self._path(job):
                    raise ValueError("its name is not its id")
                datetime.fromisoformat(job.started)
            except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
                log.warning("%s is not a job and is left alone: %s", path, error)
                continue
            jobs.append(job if job.ended else replace(job, state="interrupted"))
        jobs.sort(key=lambda job: (job.started, job.id))
        for job in jobs[:-MAX_KEPT_JOBS]:
            self.delete(job)
        return {job.id: job for job in jobs[-MAX_KEPT_JOBS:]}

    def save(self, job: Job) -> None:
        """Write ``job``, whole or not at all."""
        try:
            write_atomic(self._path(job), json.dumps(job_data(job)).encode())
        except OSError as error:
            log.warning("The state of job %s cannot be saved: %s", job.id, error)

    def delete(self, job: Job) -> None:
        """Delete ``job``."""
        try:
            self._path(job).unlink(missing_ok=True)
        except OSError as error:
            log.warning("Job %s cannot be deleted: %s", job.id, error)

    def _path(self, job: Job) -> Path:
        return self._folder / f"{job.id}.json"
