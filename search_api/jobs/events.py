"""A job's progress as a stream of server-sent events."""

import json
import threading
import time
from collections.abc import Iterator

from search_api.jobs.job_data import job_data
from search_api.jobs.manager import JobManager
from serving.errors import NotFound, ServiceBusy

_LOOK_SECONDS = 0.25
_ALIVE_SECONDS = 15.0


class Events:
    """The streams of one job manager, at most ``max_streams`` at once: each holds one of the service's threads."""

    def __init__(self, manager: JobManager, max_streams: int) -> None:
        self._manager = manager
        self._max_streams = max_streams
        self._free = threading.BoundedSemaphore(max_streams)

    def open(self, id_: str) -> Iterator[str]:
        """Return the events of the job: one whenever it has changed, until it or the service ends.

        Raises NotFound or ServiceBusy. :meth:`release` has to be called for each stream when it is over.
        """
        self._manager.get(id_)
        if not self._free.acquire(blocking=False):
            raise ServiceBusy(f"{self._max_streams} streams are open already: ask GET /jobs/{id_} instead.")
        return self._follow(id_)

    def release(self) -> None:
        """Release the place of a stream, so that another can be opened."""
        self._free.release()

    def _follow(self, id_: str) -> Iterator[str]:
        sent, sent_at = None, time.monotonic()
        while True:
            try:
                job = self._manager.get(id_)
            except NotFound:  # it ended and was deleted since the last look
                return
            if job != sent:
                sent, sent_at = job, time.monotonic()
                yield f"data: {json.dumps(job_data(job))}\n\n"
            if job.ended or self._manager.closing.wait(_LOOK_SECONDS):
                return
            if time.monotonic() - sent_at > _ALIVE_SECONDS:  # proxies cut a connection on which nothing comes
                sent_at = time.monotonic()
                yield ": alive\n\n"
