"""Second stage: a vector for every file, from the store where its bytes are known, else from the extractor."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from search_api.embedding.client import Extraction, ExtractorCrashes
from search_api.images.paths import is_upload
from search_api.ingest.files import Failure, File
from search_api.ingest.prune import is_gone, root_fits
from search_api.ingest.reader import Duplicate
from search_api.stores.base import Metadata, Record, Store, image_id
from wire.extraction import Rejected
from wire.vectors import Vector

_DUPLICATE_GONE = "Another file with the same content was deleted from the index meanwhile: index the folder again."

Embed = Callable[[Sequence[bytes]], Extraction]


@dataclass(frozen=True)
class Change:
    """A record to write, how its vector came, and the ids of records whose file has moved to this one's place."""

    record: Record
    kind: Literal["embedded", "shared", "moved"]
    orphans: tuple[str, ...] = ()


@dataclass
class Outcome:
    """What became of one batch."""

    changes: list[Change] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


class Mapper:
    """Used by several threads. In a dry run nothing is embedded and new records have no vector."""

    def __init__(self, store: Store, embed: Embed, root: Path, *, dry_run: bool) -> None:
        self._store = store
        self._embed = embed
        self._root = root
        self._dry_run = dry_run
        self._follows_moves = root_fits(store, root)
        self._rejected: dict[str, Rejected] = {}

    def map_files(self, batch: Sequence[File]) -> Outcome:
        """One call of the extractor for those of ``batch`` whose bytes the store does not know."""
        outcome = Outcome()
        known = self._records_of([file.sha256 for file in batch])
        for file in batch:
            if file.sha256 in known:
                outcome.changes.append(self._reuse(file.file_path, len(file.data), known[file.sha256]))
        new = [file for file in batch if file.sha256 not in known]
        if self._dry_run:
            outcome.changes += [Change(_record(file, None), "embedded") for file in new]
        elif new:
            self._embed_files(new, outcome)
        return outcome

    def map_duplicates(self, duplicates: Sequence[Duplicate]) -> Outcome:
        """Call when the first of each pair is written: then its vector is in the store, or its image was refused."""
        outcome = Outcome()
        known = self._records_of([duplicate.sha256 for duplicate in duplicates])
        for duplicate in duplicates:
            if duplicate.sha256 in known:
                outcome.changes.append(self._reuse(duplicate.file_path, duplicate.size, known[duplicate.sha256]))
            elif duplicate.sha256 in self._rejected:
                reason = self._rejected[duplicate.sha256]
                outcome.failures.append(Failure(duplicate.file_path, reason.error, reason.detail))
            elif not self._dry_run:  # the first one was deleted as soon as it was there
                outcome.failures.append(Failure(duplicate.file_path, "not_found", _DUPLICATE_GONE))
            else:
                record = Record(image_id(duplicate.file_path), duplicate.file_path, duplicate.sha256, None)
                outcome.changes.append(Change(record, "shared"))
        return outcome

    def _embed_files(self, files: Sequence[File], outcome: Outcome) -> None:
        try:
            extraction = self._embed([file.data for file in files])
        except ExtractorCrashes as error:
            self._bisect(files, outcome, error)
            return
        self._store.expect(extraction.fingerprint)
        for file, item in zip(files, extraction.items, strict=True):
            if isinstance(item, Rejected):
                self._rejected[file.sha256] = item
                outcome.failures.append(Failure(file.file_path, item.error, item.detail))
            else:
                outcome.changes.append(Change(_record(file, item), "embedded"))

    def _bisect(self, files: Sequence[File], outcome: Outcome, error: ExtractorCrashes) -> None:
        """One image that the extractor does not survive must not cost its neighbours: halve the batch."""
        if len(files) == 1:
            reason = self._rejected[files[0].sha256] = Rejected("extractor_unavailable", str(error))
            outcome.failures.append(Failure(files[0].file_path, reason.error, reason.detail))
            return
        half = len(files) // 2
        self._embed_files(files[:half], outcome)
        self._embed_files(files[half:], outcome)

    def _records_of(self, digests: Sequence[str]) -> dict[str, list[Record]]:
        known: dict[str, list[Record]] = {}
        for record in self._store.by_sha256(digests, with_vectors=True):
            known.setdefault(record.sha256, []).append(record)
        return known

    def _reuse(self, file_path: str, size: int, same: Sequence[Record]) -> Change:
        moved: list[Record] = []
        if self._follows_moves:
            indexed = [other for other in same if not is_upload(other.file_path)]
            moved = [other for other in indexed if is_gone(self._root / other.file_path)]
        known = moved[0].metadata if moved else {}  # a copy of an image is not what was noted about the image
        metadata = {**known, **describe(file_path, size)}
        record = Record(image_id(file_path), file_path, same[0].sha256, same[0].vector, metadata)
        return Change(record, "moved" if moved else "shared", tuple(other.id for other in moved))


def _record(file: File, vector: Vector | None) -> Record:
    metadata = describe(file.file_path, len(file.data))
    return Record(image_id(file.file_path), file.file_path, file.sha256, vector, metadata)


def describe(file_path: str, size: int) -> Metadata:
    """The metadata that every record has from its file; uploads are in no folder that means anything."""
    if is_upload(file_path):
        return {"bytes": size}
    return {"folder": file_path.rpartition("/")[0], "bytes": size}
