"""Opening stores from the command line."""

import tempfile
from pathlib import Path

from search_api.stores import create_store, open_store
from search_api.stores.base import ModelMismatch, Store, StoreMissing, StoreTimeout, StoreUnavailable
from search_api.stores.url import BadStoreUrl

STORE_ERRORS = (BadStoreUrl, StoreUnavailable, StoreTimeout, ModelMismatch)


def open_for_dry_run(url: str) -> Store:
    """The collection at ``url``, or an empty one in a temporary folder when there is none yet."""
    try:
        return open_store(url)
    except StoreMissing:
        folder = tempfile.mkdtemp(prefix="image-search-dry-run-")
        return create_store(f"embedded://{Path(folder, 'empty.db')}", "none", 1)
