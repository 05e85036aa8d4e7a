"""Writes many records in requests of a bounded size; what a busy server rejects is sent again, and only that.

A bulk answer is 200 even when some of its items failed. An item that was rejected for the moment (429, 503) is retried
with growing pauses; one that Elasticsearch can never accept is reported when everything else is done.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from elasticsearch import ApiError, Elasticsearch
from tenacity import Retrying, retry_if_exception_type, stop_before_delay, wait_exponential_jitter

from search_api.stores.base import StoreUnavailable
from search_api.stores.elastic.errors import is_record_error, is_transient, root_cause, store_error, translate_errors

MAX_BYTES = 8 * 2**20
_BACKOFF = wait_exponential_jitter(multiplier=0.2, max=5.0, jitter=0.3)


@dataclass
class BulkResult:
    """How many actions of one call took effect, and why others failed for good, by their index in the call."""

    effective: int = 0
    failed: dict[int, str] = field(default_factory=dict)


class _Rejected(Exception):
    """The actions at ``indexes`` were rejected for the moment."""

    def __init__(self, indexes: list[int], reason: str) -> None:
        super().__init__(reason)
        self.indexes = indexes


class Bulk:
    """Sends actions to the alias ``target``. One that is rejected for longer than ``deadline`` seconds is a failure."""

    def __init__(self, client: Elasticsearch, target: str, display_name: str, deadline: float = 60.0) -> None:
        self._client = client
        self._target = target
        self._display_name = display_name
        self._deadline = deadline

    def send(self, actions: Sequence[bytes]) -> BulkResult:
        """Send ``actions``, each as the lines of a bulk request; raises StoreUnavailable and its like.

        An action is effective when it wrote a record or deleted one that was there.
        """
        result = BulkResult()
        for indexes in split_by_size(actions, MAX_BYTES):
            self._send_until_accepted(indexes, actions, result)
        return result

    def _send_until_accepted(self, indexes: list[int], actions: Sequence[bytes], result: BulkResult) -> None:
        attempts = Retrying(
            retry=retry_if_exception_type(_Rejected),
            stop=stop_before_delay(self._deadline),
            wait=_BACKOFF,
            reraise=True,
        )
        try:
            for attempt in attempts:
                with attempt:
                    try:
                        self._send_once(indexes, actions, result)
                    except _Rejected as rejected:
                        indexes = rejected.indexes
                        raise
        except _Rejected as rejected:
            raise StoreUnavailable(
                f"Elasticsearch is overloaded ({self._display_name}): it rejected {len(rejected.indexes)} records for"
                f" {self._deadline:.0f} s ({rejected}). Try again later; what is written stays."
            ) from rejected

    def _send_once(self, indexes: list[int], actions: Sequence[bytes], result: BulkResult) -> None:
        operations: Any = [actions[index] for index in indexes]
        with translate_errors(self._display_name):
            try:
                # An index that was dropped meanwhile must not come back by itself, so the target has to be an alias.
                answer = self._client.bulk(operations=operations, index=self._target, require_alias=True)
            except ApiError as error:
                if is_transient(error.meta.status, root_cause(error)):
                    raise _Rejected(indexes, _type_of(root_cause(error))) from error
                raise
        rejected, reason = [], ""
        for index, action in zip(indexes, answer["items"], strict=True):
            (item,) = action.values()
            if "error" not in item:
                result.effective += item.get("result") != "not_found"
            elif is_transient(item["status"], item["error"]):
                rejected.append(index)
                reason = _type_of(item["error"])
            elif is_record_error(item["status"], item["error"]):
                cause = item["error"].get("caused_by") or item["error"]
                result.failed[index] = str(cause["reason"])
            else:
                raise store_error(item["status"], item["error"], self._display_name)
        if rejected:
            raise _Rejected(rejected, reason)


def _type_of(error: Mapping[str, Any]) -> str:
    return str(error.get("type", "no reason given"))


def split_by_size(actions: Sequence[bytes], max_bytes: int) -> list[list[int]]:
    """Return the indexes of ``actions`` in chunks of at most ``max_bytes`` each, one action at least."""
    chunks: list[list[int]] = []
    size = 0
    for index, action in enumerate(actions):
        if not chunks or size + len(action) > max_bytes:
            chunks.append([])
            size = 0
        chunks[-1].append(index)
        size += len(action)
    return chunks
