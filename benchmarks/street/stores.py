"""The stores that the experiment runs on: created for it, filled alike, dropped when it is over."""

import importlib.util
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from search_api.stores import create_store, drop_store, open_store
from search_api.stores.base import Hit, Store, StoreMissing
from search_api.stores.url import BadStoreUrl, with_metric, without_secrets

ROUNDING = 1e-5  # engines round differently: share by which equal distances may differ, of small ones how much

Stores = Mapping[str, Store]  # by the name that is printed


@contextmanager
def new_stores(urls: Sequence[str], fingerprint: str, dim: int) -> Iterator[Stores]:
    """Create collections of metric l2 at ``urls``, by default Milvus and embedded ones in a temporary folder.

    Raises BadStoreUrl where there is a collection already: other images in it would change every ranking.
    """
    with TemporaryDirectory(prefix="image-search-street-") as scratch, ExitStack() as stack:
        named = {without_secrets(url): url for url in urls} or _both_engines(Path(scratch))
        yield {
            name: stack.enter_context(_made(with_metric(url, "l2"), fingerprint, dim)) for name, url in named.items()
        }


def same_ranking(hits: Sequence[Hit], others: Sequence[Hit]) -> bool:
    """Return whether two rankings agree: equal distances rank by rank, and hits that swap ranks at one distance."""
    if len(hits) != len(others):
        return False
    if not all(_same(one.distance, other.distance) for one, other in zip(hits, others, strict=True)):
        return False
    distances = {hit.id: hit.distance for hit in others}
    beyond = others[-1].distance if others else None  # of what did not make it into the other answer
    return all(_same(hit.distance, distances.get(hit.id, beyond)) for hit in hits)


def _same(one: float | None, other: float | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= ROUNDING * max(1.0, one)


def _both_engines(folder: Path) -> dict[str, str]:
    embedded = {"embedded": f"embedded://{folder}/street.db"}
    if importlib.util.find_spec("pymilvus") and importlib.util.find_spec("milvus_lite"):
        return {"milvus": f"milvus://{folder}/street-milvus.db", **embedded}
    print("Milvus is left out: its packages pymilvus and milvus-lite are not installed.", file=sys.stderr)
    return embedded


@contextmanager
def _made(url: str, fingerprint: str, dim: int) -> Iterator[Store]:
    try:
        open_store(url).close()
    except StoreMissing:
        pass
    else:
        raise BadStoreUrl(f"There is a collection at {without_secrets(url)} already: name one that is not there yet.")
    store = create_store(url, fingerprint, dim)
    try:
        with closing(store):
            yield store
    finally:
        drop_store(url)
