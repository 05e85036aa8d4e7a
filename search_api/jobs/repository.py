"""Jobs on disk, one file each, so that they outlive the service."""

import json
import logging
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from search_api.atomic_file import write_atomic
from search_api.jobs.job import Job, job_data, read_job

MAX_KEPT_JOBS = 100
_ID = re.compile("[0-9a-f]{16}")

log = logging.getLogger(__name__)


class JobRepository:
    """Files in ``folder``. A disk that is full costs what would have been kept, and not the job."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self) -> dict[str, Job]:
        """All jobs by id, the oldest first. Those that had not ended were interrupted."""
        jobs = []
        for path in self._folder.glob("*.json"):
            try:
                job = read_job(json.loads(path.read_text()))
                if not _ID.fullmatch(job.id) or path != self._path(job):
                    raise ValueError("it is not named as its id")
                datetime.fromisoformat(job.started)
            except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
                log.warning("%s is no job and is left alone: %s", path, error)
                continue
            jobs.append(job if job.ended else replace(job, state="interrupted"))
        jobs.sort(key=lambda job: (job.started, job.id))
        for job in jobs[:-MAX_KEPT_JOBS]:
            self.remove(job)
        return {job.id: job for job in jobs[-MAX_KEPT_JOBS:]}

    def save(self, job: Job) -> None:
        """Write ``job``, whole or not at all."""
        try:
            write_atomic(self._path(job), json.dumps(job_data(job)).encode())
        except OSError as error:
            log.warning("The state of job %s cannot be kept: %s", job.id, error)

    def remove(self, job: Job) -> None:
        """Forget ``job``."""
        try:
            self._path(job).unlink(missing_ok=True)
        except OSError as error:
            log.warning("Job %s cannot be forgotten: %s", job.id, error)

    def _path(self, job: Job) -> Path:
        return self._folder / f"{job.id}.json"
