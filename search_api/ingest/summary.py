"""What an ingest did: files counted by result, failures by name, reported as it goes."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, get_args

from search_api.ingest.files import Failure

Result = Literal["added", "updated", "unchanged", "moved", "shared", "other_files"]
RESULTS: tuple[Result, ...] = get_args(Result)


@dataclass
class IngestSummary:
    """Files by what became of them, and those that failed; ``pruned`` counts records."""

    counts: Counter[Result] = field(default_factory=Counter)
    failures: list[Failure] = field(default_factory=list)
    pruned: int = 0

    @property
    def done(self) -> int:
        """How many files are finished, well or badly."""
        return self.counts.total() + len(self.failures)


class Progress:
    """The summary of a running ingest; ``on_progress`` is called once a file. Used by any number of threads."""

    def __init__(self, on_progress: Callable[[], object]) -> None:
        self.summary = IngestSummary()
        self._on_progress = on_progress
        self._lock = threading.Lock()

    def done(self, result: Result) -> None:
        """Count one file."""
        with self._lock:
            self.summary.counts[result] += 1
            self._on_progress()

    def failed(self, failure: Failure) -> None:
        """Count and keep one failure."""
        with self._lock:
            self.summary.failures.append(failure)
            self._on_progress()
