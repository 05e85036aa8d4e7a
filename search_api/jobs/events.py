"""A job's progress as a stream of server-sent events."""

import json
import threading
import time
from collections.abc import Iterator

from search_api.jobs.desk import Desk
from search_api.jobs.job import job_data
from serving.failures import ServiceBusy

_LOOK_SECONDS = 0.25
_ALIVE_SECONDS = 15.0
_MOST_STREAMS = 8  # each holds one of the service's threads


class Events:
    """Streams of the jobs of one desk, a bounded number at once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._free = threading.BoundedSemaphore(_MOST_STREAMS)

    def open(self, id_: str) -> Iterator[str]:
        """Tell of the job whenever it has changed, until it has ended or the service does.

        Raises NotFound or ServiceBusy. :meth:`release` has to be called for each stream when it is over.
        """
        self._desk.get(id_)
        if not self._free.acquire(blocking=False):
            raise ServiceBusy(f"{_MOST_STREAMS} streams are open already: ask GET /jobs/{id_} instead.")
        return self._follow(id_)

    def release(self) -> None:
        """Let another stream be opened."""
        self._free.release()

    def _follow(self, id_: str) -> Iterator[str]:
        told, spoke = None, time.monotonic()
        while True:
            job = self._desk.get(id_)
            if job != told:
                told, spoke = job, time.monotonic()
                yield f"data: {json.dumps(job_data(job))}\n\n"
            if job.ended or self._desk.closing.wait(_LOOK_SECONDS):
                return
            if time.monotonic() - spoke > _ALIVE_SECONDS:  # proxies cut a connection on which nothing comes
                spoke = time.monotonic()
                yield ": alive\n\n"
