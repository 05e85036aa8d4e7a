"""The third stage: records into the store, and results into the summary."""

import time
from collections.abc import Mapping
from dataclasses import replace

from search_api.ingest.mapper import MappedBatch
from search_api.ingest.summary import Progress
from search_api.stores.base import Record, Store

_PUBLISH_SECONDS = 2.0


class Writer:
    """The stage that writes; used by one thread at a time.

    It publishes every few seconds, so that searches see the ingest grow.
    """

    def __init__(self, store: Store, progress: Progress, *, dry_run: bool) -> None:
        self._store = store
        self._progress = progress
        self._dry_run = dry_run
        self._published = time.monotonic()

    def write(self, batch: MappedBatch) -> None:
        """Write one batch, whole or not at all."""
        paths = [change.record.file_path for change in batch.changes]
        replaced = {record.id: record for record in self._store.by_path(paths)}
        records = [_with_old_metadata(change.record, replaced) for change in batch.changes]
        if not self._dry_run:
            self._store.upsert(records)
            self._store.delete(ids=sorted({orphan for change in batch.changes for orphan in change.orphans}))
            if time.monotonic() - self._published > _PUBLISH_SECONDS:
                self.publish()
        for change in batch.changes:
            if change.kind == "embedded":
                self._progress.done("updated" if change.record.id in replaced else "added")
            else:
                self._progress.done(change.kind)
        for failure in batch.failures:
            self._progress.failed(failure)

    def publish(self) -> None:
        """Publish what was written, so that every later search sees it."""
        if not self._dry_run:
            self._store.publish()
            self._published = time.monotonic()


def _with_old_metadata(record: Record, replaced: Mapping[str, Record]) -> Record:
    """Return ``record`` with the metadata that was added to the one it replaces."""
    old = replaced.get(record.id)
    return replace(record, metadata={**old.metadata, **record.metadata}) if old else record
