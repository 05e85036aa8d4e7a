"""A second process that serves: ``python -m tests.stores.following_process URL``.

For every line on stdin it searches once more, as a running service does, and answers the model and the total, or the
name of what was raised.
"""

import json
import sys

from search_api.stores.base import Search, StoreTimeout, StoreUnavailable
from search_api.stores.lazy import LazyStore
from tests.stores.samples import QUERY


def main(url: str) -> None:
    lazy = LazyStore(url)
    for _ in sys.stdin:
        try:
            store = lazy.get()
            answer: list[object] = [store.fingerprint, store.search(Search(QUERY, limit=1)).total]
        except (StoreUnavailable, StoreTimeout) as error:
            answer = [type(error).__name__, str(error)]
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
