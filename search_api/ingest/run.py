"""Joins reader, mapper and writer so that disk, extractor and store work at the same time.

The calling thread reads and hashes files and makes batches. A few threads ask for vectors, so that the extractor always
has the next batch waiting. One thread writes. The batches on their way are counted, so memory stays bounded. A batch is
written whole or not at all, and a record's id follows from its path: whenever this is stopped, the next run goes on.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from search_api.ingest.files import batches
from search_api.ingest.mapper import Embed, Mapper, Outcome
from search_api.ingest.reader import Reader
from search_api.ingest.summary import Progress
from search_api.ingest.writer import Writer
from search_api.stores.base import Store

_BATCH_FILES = 32
_BATCH_BYTES = 32 * 2**20
_WRITES_WAITING = 2


def batches_in_flight(extractors: int) -> int:
    """How many batches to have on the way: with each extractor one in the model, the next one decoded and waiting."""
    return 2 * extractors


def ingest(
    store: Store,
    embed: Embed,
    root: Path,
    paths: Sequence[Path],
    progress: Progress,
    *,
    max_bytes: int,
    in_flight: int,
    dry_run: bool,
    abort: Callable[[], object] = lambda: None,
    check_cancelled: Callable[[], object] = lambda: None,
) -> None:
    """Index ``paths``, files below ``root``; ``in_flight`` batches are with the extractor at once.

    What ``embed`` and the store raise ends the run; what was written until then stays, and is published. A run that
    ends early first calls ``abort``, which lets calls of ``embed`` that still wait for an extractor fail.
    ``check_cancelled`` is asked before each file: what it raises ends the run too.
    """
    reader = Reader(store, root, max_bytes, progress, check_cancelled)
    mapper = Mapper(store, embed, root, dry_run=dry_run)
    writer = Writer(store, progress, dry_run=dry_run)
    embedding: deque[Future[Outcome]] = deque()
    writing: deque[Future[None]] = deque()
    embedders = ThreadPoolExecutor(in_flight, thread_name_prefix="embed")
    one_writer = ThreadPoolExecutor(1, thread_name_prefix="write")

    def advance(max_embedding: int, max_writing: int) -> None:
        while len(embedding) > max_embedding:
            writing.append(one_writer.submit(writer.write, embedding.popleft().result()))
        while len(writing) > max_writing:
            writing.popleft().result()

    try:
        for batch in batches(reader.changed(paths), _BATCH_FILES, _BATCH_BYTES):
            embedding.append(embedders.submit(mapper.map_files, batch))
            advance(in_flight, _WRITES_WAITING)
        advance(0, 0)
        for start in range(0, len(reader.duplicates), _BATCH_FILES):
            check_cancelled()
            writer.write(mapper.map_duplicates(reader.duplicates[start : start + _BATCH_FILES]))
    except BaseException:
        abort()
        raise
    finally:
        embedders.shutdown(cancel_futures=True)
        one_writer.shutdown()
        writer.publish()
