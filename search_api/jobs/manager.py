"""The job manager: starts jobs, runs each in a thread of its own, and knows how far they are."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from search_api.jobs.job import RESUMABLE, Job, new_job, now
from search_api.jobs.repository import MAX_KEPT_JOBS, JobRepository
from search_api.jobs.run import JobRun
from search_api.jobs.runner import JobRunner
from serving.errors import BadParameter, NotFound, ServiceBusy

DescribeError = Callable[[Exception], tuple[str, str]]  # the name of an error, and its sentence for clients

log = logging.getLogger(__name__)


class JobManager:
    """All jobs of the service; used by any number of threads. At most ``max_running`` run at once, one for a folder."""

    def __init__(
        self, runner: JobRunner, repository: JobRepository, describe_error: DescribeError, *, max_running: int
    ) -> None:
        self._runner = runner
        self._repository = repository
        self._describe_error = describe_error
        self._max_running = max_running
        self._ended = repository.load()
        self._running: dict[str, JobRun] = {}
        self._lock = threading.Lock()
        self.closing = threading.Event()

    def start(self, collection: str, path: str, *, prune: bool) -> Job:
        """Start a new job; raises BadParameter, NotFound or ServiceBusy."""
        return self._start(new_job(collection, self._runner.path(path), prune=prune))

    def resume(self, id_: str) -> Job:
        """Start a job again that did not come to its end; what it has done is not done twice."""
        job = self.get(id_)
        if job.state not in RESUMABLE:
            raise BadParameter(f"The job is {job.state}: only one that is {', '.join(RESUMABLE)} can be resumed.")
        self._runner.path(job.path)
        return self._start(replace(new_job(job.collection, job.path, prune=job.prune), id=job.id, started=job.started))

    def get(self, id_: str) -> Job:
        """Return the job ``id_``; raises NotFound."""
        with self._lock:
            if id_ in self._running:
                return self._running[id_].snapshot()
            if id_ in self._ended:
                return self._ended[id_]
        raise _unknown(id_)

    def jobs(self) -> list[Job]:
        """Return all jobs, the newest first."""
        with self._lock:
            jobs = [*self._ended.values(), *(run.snapshot() for run in self._running.values())]
        return sorted(jobs, key=lambda job: (job.started, job.id), reverse=True)

    def cancel(self, id_: str) -> Job:
        """Tell a running job to stop and return it; one that has ended stays as it is. Raises NotFound."""
        with self._lock:
            run = self._running.get(id_)
            if run is not None:
                run.cancellation.request()
        return self.get(id_)

    def cancel_or_delete(self, id_: str) -> Job:
        """Tell a running job to stop, or delete one that has ended; raises NotFound."""
        with self._lock:  # one that ends this moment is not deleted by the same request
            run, ended = self._running.get(id_), self._ended.pop(id_, None)
            if run is not None:
                run.cancellation.request()
                return run.snapshot()
        if ended is None:
            raise _unknown(id_)
        self._repository.delete(ended)
        return ended

    def close(self) -> None:
        """Cancel all jobs; they can be resumed later."""
        self.closing.set()
        with self._lock:
            for run in self._running.values():
                run.cancellation.request()

    def _start(self, job: Job) -> Job:
        with self._lock:
            if len(self._running) >= self._max_running:
                raise ServiceBusy(f"{len(self._running)} jobs are running already: wait until one has ended.")
            if any((run.job.collection, run.job.path) == (job.collection, job.path) for run in self._running.values()):
                raise ServiceBusy("This folder is being indexed already: watch that job.")
            run = self._running[job.id] = JobRun(job, self._repository.save)
            self._ended.pop(job.id, None)
        self._repository.save(job)
        try:
            threading.Thread(target=self._work, args=(run,), name=f"job-{job.id}", daemon=True).start()
        except RuntimeError as error:  # the system gives no thread
            self._end(self._failed(run, error))
            raise ServiceBusy("The system has no thread for a job: try again when it has less to do.") from error
        return job

    def _work(self, run: JobRun) -> None:
        try:
            self._runner.run(run.job, run.progress, run.cancellation, on_total=run.set_total)
        except Exception as error:  # noqa: BLE001 - nobody else is there to hear of it
            self._end(self._failed(run, error))
        else:
            self._end(replace(run.snapshot(), state="done"))

    def _failed(self, run: JobRun, error: Exception) -> Job:
        job = run.snapshot()
        if run.cancellation.requested:
            return replace(job, state="interrupted" if self.closing.is_set() else "stopped")
        name, detail = self._describe_error(error)
        if name == "internal":
            log.error("job %s failed", job.id, exc_info=error)
        return replace(job, state="failed", error=name, detail=detail)

    def _end(self, job: Job) -> None:
        job = replace(job, finished=now())
        self._repository.save(job)
        with self._lock:
            self._ended[job.id] = job
            del self._running[job.id]
            oldest = next(iter(self._ended.values())) if len(self._ended) > MAX_KEPT_JOBS else None
            if oldest is not None:
                del self._ended[oldest.id]
        if oldest is not None:
            self._repository.delete(oldest)


def _unknown(id_: str) -> NotFound:
    return NotFound(f"There is no job {id_[:64]}.")
