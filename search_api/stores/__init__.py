"""Where vectors are kept and searched. Each engine has a package of its own and knows neither the others nor Flask."""

from search_api.stores.admin import CollectionAdmin
from search_api.stores.base import ModelMismatch, Store
from search_api.stores.url import BadStoreUrl, base_of, parse_store_url, resolve, without_secrets


def open_store(url: str) -> Store:
    """Open an existing collection; raises BadStoreUrl, StoreMissing or StoreUnavailable."""
    return _admin(url).open()


def create_store(url: str, fingerprint: str, dim: int) -> Store:
    """Create the collection unless it exists, and open it; raises ModelMismatch if it is of another model or metric."""
    store, metric = _admin(url).create(fingerprint, dim), parse_store_url(url).metric
    try:
        store.expect(fingerprint)
        if store.metric != metric:
            raise ModelMismatch(f"{without_secrets(url)} is a collection of metric {store.metric}, not {metric}.")
    except ModelMismatch:
        store.close()
        raise
    return store


def drop_store(url: str) -> None:
    """Delete the whole collection; raises StoreMissing or StoreUnavailable."""
    _admin(url).drop()


def collection_names(url: str) -> list[str]:
    """Return the names of the collections beside the one at ``url``, sorted."""
    base, own = base_of(url)
    return [name for name in _admin(base).list_collections() if name != own]


def swap_stores(url: str, other: str) -> None:
    """Swap the collections at two URLs of one engine; services that have them open follow."""
    check_swappable(url, other)
    _admin(url).swap(_admin(other))


def check_swappable(url: str, other: str) -> None:
    """Raise BadStoreUrl or StoreUnavailable unless the two can be swapped; ``other`` need not exist yet."""
    admin, other_admin = _admin(url), _admin(other)
    if type(admin) is not type(other_admin):
        raise BadStoreUrl("Collections can be swapped within one engine only: name two of the same.")
    admin.check_swap(other_admin)


def _admin(url: str) -> CollectionAdmin:
    engine, parsed = resolve(url)
    return engine.admin_of(parsed)
