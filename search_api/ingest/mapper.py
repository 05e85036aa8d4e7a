"""The second stage: a vector for every file, from the store where its bytes are known, else from the extractor."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from search_api.embedding.errors import ExtractorCrashes
from search_api.embedding.extraction import Embed
from search_api.images.metadata import file_metadata
from search_api.images.paths import is_upload
from search_api.ingest.files import Failure, File
from search_api.ingest.prune import is_gone
from search_api.ingest.reader import Duplicate
from search_api.stores.base import Record, Store, image_id
from wire.extraction import Rejected
from wire.vectors import Vector

_MAX_CRASHES = 16  # of single images in a row, without a success in between
_DUPLICATE_GONE = "Another file with the same content was deleted from the index meanwhile: index the folder again."


@dataclass(frozen=True)
class Change:
    """A record to write, where its vector comes from, and the ids of records whose file has moved here."""

    record: Record
    kind: Literal["embedded", "shared", "moved"]
    orphans: tuple[str, ...] = ()


@dataclass
class MappedBatch:
    """The result of one batch: records to write, and files that failed."""

    changes: list[Change] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


class Mapper:
    """The stage that embeds; used by several threads. In a dry run new records have no vector."""

    def __init__(self, store: Store, embed: Embed, root: Path, *, follow_moves: bool, dry_run: bool) -> None:
        self._store = store
        self._embed = embed
        self._root = root
        self._dry_run = dry_run
        self._follow_moves = follow_moves
        self._rejected: dict[str, Rejected] = {}
        self._crashes = 0

    def map_files(self, batch: Sequence[File]) -> MappedBatch:
        """Return the records of ``batch``; one call of the extractor embeds those whose bytes are new to the store."""
        result = MappedBatch()
        known = self._records_of([file.sha256 for file in batch])
        for file in batch:
            if file.sha256 in known:
                result.changes.append(self._reuse(file.file_path, len(file.data), known[file.sha256]))
        new = [file for file in batch if file.sha256 not in known]
        if self._dry_run:
            result.changes += [Change(_record(file, None), "embedded") for file in new]
        elif new:
            self._embed_files(new, result)
        return result

    def map_duplicates(self, duplicates: Sequence[Duplicate]) -> MappedBatch:
        """Return the records of ``duplicates``, once their originals are in the store, or refused."""
        result = MappedBatch()
        known = self._records_of([duplicate.sha256 for duplicate in duplicates])
        for duplicate in duplicates:
            if duplicate.sha256 in known:
                result.changes.append(self._reuse(duplicate.file_path, duplicate.size, known[duplicate.sha256]))
            elif duplicate.sha256 in self._rejected:
                reason = self._rejected[duplicate.sha256]
                result.failures.append(Failure(duplicate.file_path, reason.error, reason.detail))
            elif not self._dry_run:  # the first one was deleted as soon as it was there
                result.failures.append(Failure(duplicate.file_path, "not_found", _DUPLICATE_GONE))
            else:
                record = Record(image_id(duplicate.file_path), duplicate.file_path, duplicate.sha256, None)
                result.changes.append(Change(record, "shared"))
        return result

    def _embed_files(self, files: Sequence[File], result: MappedBatch) -> None:
        try:
            extraction = self._embed([file.data for file in files])
        except ExtractorCrashes as error:
            self._bisect(files, result, error)
            return
        self._crashes = 0
        self._store.expect(extraction.fingerprint)
        for file, item in zip(files, extraction.items, strict=True):
            if isinstance(item, Rejected):
                self._rejected[file.sha256] = item
                result.failures.append(Failure(file.file_path, item.error, item.detail))
            else:
                result.changes.append(Change(_record(file, item), "embedded"))

    def _bisect(self, files: Sequence[File], result: MappedBatch, error: ExtractorCrashes) -> None:
        """Find the images that the extractor crashes on by halving the batch, so that the others are not lost."""
        if len(files) == 1:
            self._crashes += 1
            if self._crashes > _MAX_CRASHES:  # it is not the images
                raise error
            reason = self._rejected[files[0].sha256] = Rejected("extractor_unavailable", str(error))
            result.failures.append(Failure(files[0].file_path, reason.error, reason.detail))
            return
        half = len(files) // 2
        self._embed_files(files[:half], result)
        self._embed_files(files[half:], result)

    def _records_of(self, digests: Sequence[str]) -> dict[str, list[Record]]:
        known: dict[str, list[Record]] = {}
        for record in self._store.by_sha256(digests, with_vectors=True):
            known.setdefault(record.sha256, []).append(record)
        return known

    def _reuse(self, file_path: str, size: int, same: Sequence[Record]) -> Change:
        moved: list[Record] = []
        if self._follow_moves:
            indexed = [other for other in same if not is_upload(other.file_path)]
            moved = [other for other in indexed if is_gone(self._root / other.file_path)]
        known = moved[0].metadata if moved else {}  # a copy of an image is not what was noted about the image
        metadata = {**known, **file_metadata(file_path, size)}
        record = Record(image_id(file_path), file_path, same[0].sha256, same[0].vector, metadata)
        return Change(record, "moved" if moved else "shared", tuple(other.id for other in moved))


def _record(file: File, vector: Vector | None) -> Record:
    metadata = file_metadata(file.file_path, len(file.data))
    return Record(image_id(file.file_path), file.file_path, file.sha256, vector, metadata)
