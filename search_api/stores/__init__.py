"""Where vectors are kept and found. Each engine has a package of its own and knows neither the others nor Flask."""

from search_api.stores.admin import CollectionAdmin
from search_api.stores.base import ModelMismatch, Store, StoreUnavailable
from search_api.stores.url import BadStoreUrl, EmbeddedUrl, MilvusUrl, base_of, parse_store_url, without_secrets


def open_store(url: str) -> Store:
    """Open an existing collection; raises BadStoreUrl, StoreMissing or StoreUnavailable."""
    return _place(url).open()


def create_store(url: str, fingerprint: str, dim: int) -> Store:
    """Create the collection if it is not there, and open it; raises ModelMismatch when it holds another model's."""
    store, metric = _place(url).create(fingerprint, dim), parse_store_url(url).metric
    try:
        store.expect(fingerprint)
        if store.metric != metric:
            raise ModelMismatch(f"{without_secrets(url)} is a collection of metric {store.metric}, not {metric}.")
    except ModelMismatch:
        store.close()
        raise
    return store


def drop_store(url: str) -> None:
    """Delete the whole collection."""
    _place(url).drop()


def collection_names(url: str) -> list[str]:
    """The names of the collections beside the one at ``url``, sorted."""
    base, own = base_of(url)
    return [name for name in _place(base).list_collections() if name != own]


def swap_stores(url: str, other: str) -> None:
    """Let the collections of two places of one engine change places; services that have them open follow."""
    check_swappable(url, other)
    _place(url).swap(_place(other))


def check_swappable(url: str, other: str) -> None:
    """Raise BadStoreUrl or StoreUnavailable unless the two could change places; ``other`` may be empty yet."""
    place, other_place = _place(url), _place(other)
    if type(place) is not type(other_place):
        raise BadStoreUrl("Collections change places within one engine only.")
    place.check_swap(other_place)


def _place(url: str) -> CollectionAdmin:
    """An engine is imported when a URL names it, so that none has to be installed for another's sake."""
    where = parse_store_url(url)
    if isinstance(where, EmbeddedUrl):
        from search_api.stores.embedded.admin import EmbeddedAdmin

        return EmbeddedAdmin(where)
    if isinstance(where, MilvusUrl):
        return _milvus(where)
    from search_api.stores.elastic.admin import ElasticAdmin

    return ElasticAdmin(where)


def _milvus(where: MilvusUrl) -> CollectionAdmin:
    try:
        from search_api.stores.milvus.admin import MilvusAdmin
    except ModuleNotFoundError as error:
        if error.name != "pymilvus":
            raise
        raise StoreUnavailable(
            "The Milvus store needs pymilvus, which is not installed: pip install -r requirements-milvus.txt."
        ) from error
    return MilvusAdmin(where)
