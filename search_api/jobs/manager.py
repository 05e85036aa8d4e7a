"""Takes jobs in, runs each in a thread of its own, and knows how far they are."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace

from search_api.ingest.summary import Progress
from search_api.jobs.cancellation import Cancellation
from search_api.jobs.job import RESUMABLE, Job, counted, new_job, now
from search_api.jobs.repository import MAX_KEPT_JOBS, JobRepository
from search_api.jobs.runner import JobRunner
from serving.errors import BadParameter, NotFound, ServiceBusy

_SAVE_SECONDS = 2.0

DescribeError = Callable[[Exception], tuple[str, str]]  # the name of an error, and its sentence for clients

log = logging.getLogger(__name__)


class _Run:
    """One job while it runs."""

    def __init__(self, job: Job) -> None:
        self.began = time.monotonic()
        self.saved = self.began
        self.progress = Progress(lambda: None)
        self.total: int | None = None
        self.cancellation = Cancellation()
        self._job = job

    @property
    def job(self) -> Job:
        """The job as it is this moment."""
        job = counted(self._job, self.progress.summary, self.total, time.monotonic() - self.began)
        return replace(job, state="stopping") if self.cancellation.requested else job

    def found(self, total: int) -> None:
        self.total = total


class JobManager:
    """Used by any number of threads. At most ``max_running`` jobs run at once, and one for each folder."""

    def __init__(
        self, runner: JobRunner, repository: JobRepository, describe_error: DescribeError, *, max_running: int
    ) -> None:
        self._indexer = runner
        self._shelf = repository
        self._describe_error = describe_error
        self._max_running = max_running
        self._ended = repository.load()
        self._running: dict[str, _Run] = {}
        self._lock = threading.Lock()
        self.closing = threading.Event()

    def start(self, collection: str, path: str, *, prune: bool) -> Job:
        """Begin a new job; raises BadParameter, NotFound or ServiceBusy."""
        return self._begin(new_job(collection, self._indexer.path(path), prune=prune))

    def resume(self, id_: str) -> Job:
        """Begin a job again that did not come to its end; what it has done is not done twice."""
        job = self.get(id_)
        if job.state not in RESUMABLE:
            raise BadParameter(f"The job is {job.state}: only one that is {', '.join(RESUMABLE)} can be resumed.")
        self._indexer.path(job.path)
        return self._begin(replace(new_job(job.collection, job.path, prune=job.prune), id=job.id, started=job.started))

    def get(self, id_: str) -> Job:
        """The job ``id_``; raises NotFound."""
        with self._lock:
            if id_ in self._running:
                return self._running[id_].job
            if id_ in self._ended:
                return self._ended[id_]
        raise NotFound(f"There is no job {id_[:64]}.")

    def jobs(self) -> list[Job]:
        """All jobs, the newest first."""
        with self._lock:
            jobs = [*self._ended.values(), *(run.job for run in self._running.values())]
        return sorted(jobs, key=lambda job: (job.started, job.id), reverse=True)

    def stop_or_forget(self, id_: str) -> Job:
        """Tell a running job to stop, or forget one that has ended; raises NotFound."""
        job = self.get(id_)
        with self._lock:
            if id_ in self._running:
                self._running[id_].cancellation.request()
                return self._running[id_].job
            self._ended.pop(id_, None)
        self._shelf.remove(job)
        return job

    def close(self) -> None:
        """Let all jobs stop where they are, to be resumed another time."""
        self.closing.set()
        with self._lock:
            for run in self._running.values():
                run.cancellation.request()

    def _begin(self, job: Job) -> Job:
        with self._lock:
            if len(self._running) >= self._max_running:
                raise ServiceBusy(f"{len(self._running)} jobs are running already: wait until one has ended.")
            if any((run.job.collection, run.job.path) == (job.collection, job.path) for run in self._running.values()):
                raise ServiceBusy("This folder is being indexed already: watch that job.")
            run = self._running[job.id] = _Run(job)
            self._ended.pop(job.id, None)
        self._shelf.save(job)
        threading.Thread(target=self._work, args=(run,), name=f"job-{job.id}", daemon=True).start()
        return job

    def _work(self, run: _Run) -> None:
        def advance() -> None:
            if time.monotonic() - run.saved > _SAVE_SECONDS:
                run.saved = time.monotonic()
                self._shelf.save(run.job)

        try:
            self._indexer.index(run.job, run.progress, run.cancellation, found=run.found, advance=advance)
        except Exception as error:  # noqa: BLE001 - nobody else is there to hear of it
            self._end(run, self._broken_off(run.job, error, stopped=run.cancellation.requested))
        else:
            self._end(run, replace(run.job, state="done"))

    def _broken_off(self, job: Job, error: Exception, *, stopped: bool) -> Job:
        if stopped:
            return replace(job, state="interrupted" if self.closing.is_set() else "stopped")
        name, detail = self._describe_error(error)
        if name == "internal":
            log.error("job %s broke down", job.id, exc_info=error)
        return replace(job, state="failed", error=name, detail=detail)

    def _end(self, run: _Run, job: Job) -> None:
        job = replace(job, finished=now())
        self._shelf.save(job)
        with self._lock:
            self._ended[job.id] = job
            del self._running[job.id]
            oldest = next(iter(self._ended.values())) if len(self._ended) > MAX_KEPT_JOBS else None
            if oldest is not None:
                del self._ended[oldest.id]
        if oldest is not None:
            self._shelf.remove(oldest)
