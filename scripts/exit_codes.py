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
    """Print an ``expected`` exception, a wrong setting or Ctrl-C as one line and exit with 2."""
    try:
        yield
    except ValidationError as error:
        sys.exit(_print_error(settings_problem(error)))
    except expected as error:
        sys.exit(_print_error(str(error)))
    except KeyboardInterrupt:
        sys.exit(_print_error("Interrupted. What was done so far is kept; run the same command again to go on."))


def print_failures(failures: Iterable[Failure]) -> None:
    """Print every file that failed, and why, on stderr."""
    for failure in failures:
        print(f"{failure.file_path}: {failure.error}: {failure.detail}", file=sys.stderr)


def _print_error(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return COULD_NOT_RUN
