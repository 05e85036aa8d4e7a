"""A second process that reads: ``python -m tests.stores.reading_process URL``.

For every line on stdin it searches once more with the store it has open, and answers the total and the best path.
"""

import json
import sys

from search_api.stores import open_store
from search_api.stores.base import Search
from tests.stores.samples import QUERY


def main(url: str) -> None:
    store = open_store(url)
    for _ in sys.stdin:
        found = store.search(Search(QUERY, limit=1))
        print(json.dumps([found.total, *(hit.file_path for hit in found.hits)]), flush=True)
    store.close()


if __name__ == "__main__":
    main(sys.argv[1])
