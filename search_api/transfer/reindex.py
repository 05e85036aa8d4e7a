"""Embedding a collection again with another model, from its files, while the old one goes on answering."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from search_api.embedding.extraction import Embed
from search_api.images.metadata import OF_THE_FILE
from search_api.images.paths import ImagePaths
from search_api.ingest.files import Failure
from search_api.ingest.options import IngestOptions
from search_api.ingest.prune import root_fits
from search_api.ingest.run import ingest
from search_api.ingest.summary import Progress
from search_api.stores.base import Record, Store
from search_api.transfer.copy import in_chunks

_GONE = "The file is gone, or is no longer an image."


def reindex(
    old: Store, new: Store, embed: Embed, paths: ImagePaths, progress: Progress, options: IngestOptions
) -> list[Failure]:
    """Index the images of ``old`` into ``new`` with their metadata; return those that failed.

    What ``new`` has already is not embedded again, so a run that was interrupted goes on where it was.
    """
    seen: dict[str, str] = {}
    while added := [record for record in old.scan(with_vectors=False) if seen.get(record.id) != record.sha256]:
        seen |= {record.id: record.sha256 for record in added}  # and once more for what came meanwhile
        for base, records in _by_base(added, paths).items():
            files = [base / record.file_path for record in records]
            ingest(new, embed, base, files, progress, options, follow_moves=root_fits(new, base))
    why = {failure.file_path: failure for failure in progress.summary.failures}
    missing = list(_carry_metadata(old, new))
    _delete_missing(old, new)
    return [why.get(path, Failure(path, "not_found", _GONE)) for path in missing]


def _by_base(records: Sequence[Record], paths: ImagePaths) -> dict[Path, list[Record]]:
    """Return ``records`` by the folder that their paths are relative to; those of no known folder are left out."""
    by_base: dict[Path, list[Record]] = {}
    for record in records:
        base = paths.base(record.file_path)
        if base is not None:
            by_base.setdefault(base, []).append(record)
    return by_base


def _carry_metadata(old: Store, new: Store) -> Iterator[str]:
    """Write the metadata of ``old`` to the same records of ``new``; yield paths that ``new`` lacks."""
    for some in in_chunks(old.scan(with_vectors=False)):
        there = {record.id: record for record in new.get([record.id for record in some], with_vectors=True)}
        pairs = [(record, there[record.id]) for record in some if record.id in there]
        new.upsert([_carried(record, built) for record, built in pairs if _metadata_differs(record, built)])
        yield from (record.file_path for record in some if record.id not in there)
    new.publish()


def _delete_missing(old: Store, new: Store) -> None:
    """Delete from ``new`` what was deleted from ``old`` since it was indexed."""
    for some in in_chunks(new.scan(with_vectors=False)):
        there = {record.id for record in old.get([record.id for record in some])}
        new.delete(ids=[record.id for record in some if record.id not in there])
    new.publish()


def _carried(old: Record, new: Record) -> Record:
    of_file = {key: value for key, value in new.metadata.items() if key in OF_THE_FILE}
    return replace(new, metadata={**old.metadata, **of_file})


def _metadata_differs(old: Record, new: Record) -> bool:
    return dict(_carried(old, new).metadata) != dict(new.metadata)
