"""When to try a call again, and how long to wait before: tenacity, with the pauses that the extractor asks for."""

import threading
from collections.abc import Callable

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception_type,
    sleep_using_event,
    stop_before_delay,
    stop_when_event_set,
    wait_exponential_jitter,
)

_BACKOFF = wait_exponential_jitter(multiplier=0.1, max=5.0, jitter=0.2)
_SILENT_ATTEMPTS = 4


class RetryableError(Exception):
    """A call failed with ``failure`` in a way that may pass, not before ``retry_after`` seconds.

    ``crash`` says that the other side failed in the middle of the call.
    """

    def __init__(self, failure: Exception, *, retry_after: float = 0.0, crash: bool = False) -> None:
        super().__init__(str(failure))
        self.failure = failure
        self.retry_after = retry_after
        self.crash = crash


def retrying(deadline: float, closing: threading.Event, on_wait: Callable[[str], object]) -> Retrying:
    """Return the policy that calls a function again for as long as it raises :class:`RetryableError`.

    It gives up before a wait would go beyond ``deadline`` seconds, or when ``closing`` is set. ``on_wait`` is called
    once, with a sentence, when the wait begins to be long.
    """
    return Retrying(
        retry=retry_if_exception_type(RetryableError),
        stop=stop_before_delay(deadline) | stop_when_event_set(closing),
        wait=_wait,
        sleep=sleep_using_event(closing),
        before_sleep=_say_once(on_wait),
        reraise=True,
    )


def _say_once(on_wait: Callable[[str], object]) -> Callable[[RetryCallState], None]:
    def say(state: RetryCallState) -> None:
        if state.attempt_number == _SILENT_ATTEMPTS:
            error = state.outcome.exception() if state.outcome else None
            on_wait(f"{error} Waiting for it.")

    return say


def _wait(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, RetryableError) else 0.0
    return max(asked, _BACKOFF(state))
