"""What an ingest did, counted, and told to whoever watches."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from search_api.ingest.files import Failure

Result = Literal["added", "updated", "unchanged", "moved", "shared", "other_files"]


@dataclass
class Counts:
    """Files by what became of them; ``pruned`` are records."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    moved: int = 0
    shared: int = 0
    other_files: int = 0
    pruned: int = 0


@dataclass
class Summary(Counts):
    """With the files that failed."""

    failures: list[Failure] = field(default_factory=list)


class Progress:
    """Counts files as the stages finish with them; ``advance`` is called once a file."""

    def __init__(self, advance: Callable[[], object]) -> None:
        self.summary = Summary()
        self._advance = advance
        self._lock = threading.Lock()

    def done(self, result: Result) -> None:
        """Count one file."""
        with self._lock:
            setattr(self.summary, result, getattr(self.summary, result) + 1)
            self._advance()

    def failed(self, failure: Failure) -> None:
        """Count and keep one failure."""
        with self._lock:
            self.summary.failures.append(failure)
            self._advance()
