"""A second process that creates: ``python -m tests.stores.elastic.creating_process NUMBER``.

For every store URL on stdin it creates the collection, writes one record of its own and says where that went.
"""

import sys

from search_api.stores import create_store
from tests.stores.samples import DIM, FINGERPRINT, record


def main(number: str) -> None:
    print("ready", flush=True)
    for line in sys.stdin:
        store = create_store(line.strip(), FINGERPRINT, DIM)
        store.upsert([record(f"{number}.jpg")])
        store.publish()
        print(store.details()["index"], flush=True)
        store.close()


if __name__ == "__main__":
    main(sys.argv[1])
