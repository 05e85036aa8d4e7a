"""Where vectors are kept and found. Each engine lives in a module of its own and knows neither the others nor Flask."""

from search_api.stores.base import Store
from search_api.stores.embedded.store import EmbeddedStore
from search_api.stores.url import parse_store_url


def open_store(url: str) -> Store:
    """Open an existing collection; raises BadStoreUrl, StoreMissing or StoreUnavailable."""
    return EmbeddedStore.open(parse_store_url(url).path)


def create_store(url: str, fingerprint: str, dim: int) -> Store:
    """Create the collection if it is not there, and open it; raises ModelMismatch when it holds another model's."""
    where = parse_store_url(url)
    return EmbeddedStore.create(where.path, fingerprint, dim, where.metric)


def drop_store(url: str) -> None:
    """Delete the whole collection."""
    EmbeddedStore.drop(parse_store_url(url).path)
