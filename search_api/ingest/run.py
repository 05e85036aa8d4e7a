"""The run of reader, mapper and writer, so that disk, extractor and store work at the same time.

The calling thread reads and hashes files and makes batches. A few threads ask for vectors, so that the extractor always
has the next batch waiting. One thread writes. The batches on their way are counted, so memory stays bounded. A batch is
written whole or not at all, and a record's id follows from its path: whenever this is stopped, the next run goes on.
"""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from search_api.embedding.extraction import Embed
from search_api.ingest.batches import batches
from search_api.ingest.mapper import MappedBatch, Mapper
from search_api.ingest.options import IngestOptions
from search_api.ingest.reader import Reader
from search_api.ingest.summary import Progress
from search_api.ingest.writer import Writer
from search_api.stores.base import Store

_BATCH_FILES = 32
_BATCH_BYTES = 32 * 2**20
_WRITES_WAITING = 2


def ingest(
    store: Store,
    embed: Embed,
    root: Path,
    paths: Sequence[Path],
    progress: Progress,
    options: IngestOptions,
    *,
    follow_moves: bool,
) -> None:
    """Index ``paths``, files below ``root``; what was written is published, however the run ends.

    With ``follow_moves`` the record of a moved file moves too: only where records are known to be below ``root``.
    What ``embed`` and the store raise ends the run; what was written until then stays.
    """
    reader = Reader(store, root, progress, options)
    mapper = Mapper(store, embed, root, follow_moves=follow_moves, dry_run=options.dry_run)
    writer = Writer(store, progress, dry_run=options.dry_run)
    embedding: deque[Future[MappedBatch]] = deque()
    writing: deque[Future[None]] = deque()
    embedders = ThreadPoolExecutor(options.in_flight, thread_name_prefix="embed")
    one_writer = ThreadPoolExecutor(1, thread_name_prefix="write")

    def wait_until(max_embedding: int, max_writing: int) -> None:
        while len(embedding) > max_embedding:
            writing.append(one_writer.submit(writer.write, embedding.popleft().result()))
        while len(writing) > max_writing:
            writing.popleft().result()

    try:
        for batch in batches(reader.changed_files(paths), _BATCH_FILES, _BATCH_BYTES):
            embedding.append(embedders.submit(mapper.map_files, batch))
            wait_until(options.in_flight, _WRITES_WAITING)
        wait_until(0, 0)
        for start in range(0, len(reader.duplicates), _BATCH_FILES):
            options.check_cancelled()
            writer.write(mapper.map_duplicates(reader.duplicates[start : start + _BATCH_FILES]))
    except BaseException:
        options.abort()
        raise
    finally:
        embedders.shutdown(cancel_futures=True)
        one_writer.shutdown()
        writer.publish()
