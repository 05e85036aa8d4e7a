"""Batches of files: bounded, so that memory stays bounded."""

from collections.abc import Iterator

from search_api.ingest.files import File


def batches(files: Iterator[File], max_files: int, max_bytes: int) -> Iterator[list[File]]:
    """Yield ``files`` in lists bounded by their number and, but for a single large one, by their bytes."""
    batch: list[File] = []
    size = 0
    for file in files:
        if batch and (len(batch) == max_files or size + len(file.data) > max_bytes):
            yield batch
            batch, size = [], 0
        batch.append(file)
        size += len(file.data)
    if batch:
        yield batch
