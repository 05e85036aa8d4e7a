"""The store arguments of the command lines, and opening what they name."""

import argparse
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from search_api.stores import create_store, open_store
from search_api.stores.base import ModelMismatch, Store, StoreMissing, StoreTimeout, StoreUnavailable
from search_api.stores.url import DEFAULT_COLLECTION, BadStoreUrl, with_collection

STORE_ERRORS = (BadStoreUrl, StoreUnavailable, StoreTimeout, ModelMismatch)


class RootMissing(ValueError):
    """Nothing says where the files are."""


def known_root(root: Path | None) -> Path:
    """Return the image root as an absolute path; raises :class:`RootMissing`."""
    if root is None:
        raise RootMissing("Say where the files are: --root DIR, or SEARCH_IMAGE_ROOT.")
    return root.resolve()


def add_store_arguments(parser: argparse.ArgumentParser, default: str) -> None:
    """Add the arguments that name one collection; :func:`chosen_store` puts the two together."""
    parser.add_argument("--store", default=default, help="store URL (default: SEARCH_STORE_URL)")
    parser.add_argument("--collection", default=DEFAULT_COLLECTION, metavar="NAME", help="one beside the URL's own")


def chosen_store(arguments: argparse.Namespace) -> str:
    """Return the URL of the collection that a command works on."""
    return with_collection(arguments.store, arguments.collection)


@contextmanager
def opened_for_dry_run(url: str) -> Iterator[Store]:
    """Yield the collection at ``url``, or an empty one in a temporary folder when there is none yet."""
    with TemporaryDirectory(prefix="image-search-dry-run-") as folder:
        try:
            store = open_store(url)
        except StoreMissing:
            store = create_store(f"embedded://{Path(folder, 'empty.db')}", "none", 1)
        with closing(store):
            yield store
