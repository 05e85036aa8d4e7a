"""The search itself, free of HTTP: a picture, an id or a vector in, a page of hits out.

It is handed its ``embed`` and its store, so the service, the scripts and the tests drive the same code.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from imaging import Box
from search_api.extractor_client import Extraction, PictureRejected
from search_api.parameters import Query
from search_api.stores.base import Hits, Metric, Record, Search, Store
from serving.failures import NotFound
from wire.extraction import Rejected
from wire.vectors import Vector

Embed = Callable[[Sequence[bytes], Box | None], Extraction]


@dataclass(frozen=True)
class Page:
    """One page of an answer. ``seconds`` says how long each stage took; ``vectors`` is by id, when asked for."""

    hits: Hits
    query: Query
    metric: Metric
    seconds: dict[str, float]
    vectors: dict[str, Vector] = field(default_factory=dict)


def search_by_picture(picture: bytes, query: Query, embed: Embed, store: Store) -> Page:
    """Embed ``picture`` and find its like; raises PictureRejected, ModelMismatch and what ``embed`` and store raise."""
    started = time.perf_counter()
    extraction = embed([picture], query.box)
    extracted = time.perf_counter() - started
    (item,) = extraction.items
    if isinstance(item, Rejected):
        raise PictureRejected(item)
    store.expect(extraction.fingerprint)
    return _find(item, query, store, {"extract": extracted})


def search_by_id(id_: str, query: Query, store: Store) -> Page:
    """Find what is like the indexed picture ``id_``; raises NotFound."""
    record = find_record(id_, store, with_vector=True)
    assert record.vector is not None
    return _find(record.vector, query, store, {})


def search_by_vector(vector: Vector, fingerprint: str | None, query: Query, store: Store) -> Page:
    """Find what is near ``vector``; its fingerprint is checked where the client knows it."""
    if fingerprint is not None:
        store.expect(fingerprint)
    return _find(vector, query, store, {})


def find_record(id_: str, store: Store, *, with_vector: bool = False) -> Record:
    """The record ``id_``; raises NotFound."""
    records = store.get([id_], with_vectors=with_vector)
    if not records:
        raise _unknown(id_)
    return records[0]


def delete_record(id_: str, store: Store) -> None:
    """Remove the record ``id_``, not its file; raises NotFound."""
    if not store.delete(ids=[id_]):
        raise _unknown(id_)
    store.publish()


def _unknown(id_: str) -> NotFound:
    return NotFound(f"No indexed picture has the id {id_[:64]}.")


def _find(vector: Vector, query: Query, store: Store, seconds: dict[str, float]) -> Page:
    started = time.perf_counter()
    hits = store.search(
        Search(
            vector=vector,
            threshold=query.threshold(store.metric),
            offset=query.offset,
            limit=query.page_size,
            filter=query.filter or {},
            mode=query.mode,
            candidates=query.candidates,
        )
    )
    vectors = {}
    if query.include_vector:
        records = store.get([hit.id for hit in hits.hits], with_vectors=True)
        vectors = {record.id: record.vector for record in records if record.vector is not None}
    searched = time.perf_counter() - started
    total = seconds.get("extract", 0.0) + searched
    return Page(hits, query, store.metric, {**seconds, "store": searched, "total": total}, vectors)
