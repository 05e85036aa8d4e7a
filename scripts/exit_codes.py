"""The exit codes of every command, and the one way to fail."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from pydantic import ValidationError

from search_api.ingest.files import Failure
from serving.settings import settings_problem

ALL_WELL = 0
SOME_FAILED = 1
COULD_NOT_RUN = 2


@contextmanager
def failing_with_one_sentence(*expected: type[Exception]) -> Iterator[None]:
    """Print an ``expected`` exception, a wrong setting or Ctrl-C as one line and leave with 2."""
    try:
        yield
    except ValidationError as error:
        sys.exit(_said(settings_problem(error)))
    except expected as error:
        sys.exit(_said(str(error)))
    except KeyboardInterrupt:
        sys.exit(_said("Interrupted. What was done so far is kept; run the same command again to go on."))


def print_failures(failures: Iterable[Failure]) -> None:
    """Name every file that failed, and why, on stderr."""
    for failure in failures:
        print(f"{failure.file_path}: {failure.error}: {failure.detail}", file=sys.stderr)


def _said(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return COULD_NOT_RUN
