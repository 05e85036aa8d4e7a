"""Writes many records in requests of a bounded size; what a busy server puts off is sent again, and only that.

A bulk answer is 200 even when some of its items failed. An item that was refused for the moment (429, 503) is tried
again with growing pauses; one that Elasticsearch cannot take at all is reported when everything else is done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import ApiError, Elasticsearch
from tenacity import Retrying, retry_if_exception_type, stop_before_delay, wait_exponential_jitter

from search_api.stores.base import StoreUnavailable
from search_api.stores.elastic.errors import cause_of, is_of_the_record, named, translate_errors, will_pass

MAX_BYTES = 8 * 2**20
_BACKOFF = wait_exponential_jitter(multiplier=0.2, max=5.0, jitter=0.3)


@dataclass
class Outcome:
    """What became of the lines of one call: how many took effect, and what was refused for good, by place."""

    effective: int = 0
    refused: dict[int, str] = field(default_factory=dict)


class _PutOff(Exception):
    """The items at these places are to be sent again."""

    def __init__(self, places: list[int], reason: str) -> None:
        super().__init__(reason)
        self.places = places


class Bulk:
    """Sends lines to the alias ``target``. What is put off for longer than ``patience`` seconds is a failure."""

    def __init__(self, client: Elasticsearch, target: str, display_name: str, patience: float = 60.0) -> None:
        self._client = client
        self._target = target
        self._display_name = display_name
        self._patience = patience

    def send(self, lines: Sequence[bytes]) -> Outcome:
        """Send ``lines``, each one action; raises StoreUnavailable and its like.

        An action is effective when it wrote a record or deleted one that was there.
        """
        outcome = Outcome()
        for places in runs_of(lines, MAX_BYTES):
            self._send_until_done(places, lines, outcome)
        return outcome

    def _send_until_done(self, places: list[int], lines: Sequence[bytes], outcome: Outcome) -> None:
        attempts = Retrying(
            retry=retry_if_exception_type(_PutOff),
            stop=stop_before_delay(self._patience),
            wait=_BACKOFF,
            reraise=True,
        )
        try:
            for attempt in attempts:
                with attempt:
                    try:
                        self._send_once(places, lines, outcome)
                    except _PutOff as put_off:
                        places = put_off.places
                        raise
        except _PutOff as put_off:
            raise StoreUnavailable(
                f"Elasticsearch is overloaded ({self._display_name}): it put {len(put_off.places)} records off for"
                f" {self._patience:.0f} s ({put_off}). Try again later; what is written stays."
            ) from put_off

    def _send_once(self, places: list[int], lines: Sequence[bytes], outcome: Outcome) -> None:
        operations: Any = [lines[place] for place in places]
        with translate_errors(self._display_name):
            try:
                # An index that was dropped meanwhile must not come back by itself, so the target has to be an alias.
                answer = self._client.bulk(operations=operations, index=self._target, require_alias=True)
            except ApiError as error:
                if will_pass(error.meta.status, cause_of(error)):
                    raise _PutOff(places, _kind(cause_of(error))) from error
                raise
        put_off, reason = [], ""
        for place, item in zip(places, answer["items"], strict=True):
            (result,) = item.values()
            if "error" not in result:
                outcome.effective += result.get("result") != "not_found"
            elif will_pass(result["status"], result["error"]):
                put_off.append(place)
                reason = _kind(result["error"])
            elif is_of_the_record(result["status"], result["error"]):
                cause = result["error"].get("caused_by") or result["error"]
                outcome.refused[place] = str(cause["reason"])
            else:
                raise named(result["status"], result["error"], self._display_name)
        if put_off:
            raise _PutOff(put_off, reason)


def _kind(error: Mapping[str, Any]) -> str:
    return str(error.get("type", "no reason given"))


def runs_of(lines: Sequence[bytes], max_count: int) -> list[list[int]]:
    """The places of ``lines`` in runs of at most ``max_count`` bytes each, one line at least."""
    chunks: list[list[int]] = []
    size = 0
    for place, line in enumerate(lines):
        if not chunks or size + len(line) > max_count:
            chunks.append([])
            size = 0
        chunks[-1].append(place)
        size += len(line)
    return chunks
