"""A second process that writes: ``python -m tests.stores.writing_process URL BATCHES SIZE``.

Prints what has returned: ``written 0``, ``published 0``, ``written 1``, ...
"""

import sys

from search_api.stores import open_store
from search_api.stores.base import Record
from tests.stores.samples import at_cosine, record


def batch_records(batch: int, size: int) -> list[Record]:
    """Return the records of batch number ``batch``."""
    return [record(f"{batch}/{number}.jpg", at_cosine(0.5), batch=batch) for number in range(size)]


def main(url: str, batches: int, size: int) -> None:
    store = open_store(url)
    for batch in range(batches):
        store.upsert(batch_records(batch, size))
        print("written", batch, flush=True)
        store.publish()
        print("published", batch, flush=True)
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
