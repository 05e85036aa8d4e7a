"""The search itself, free of HTTP: images, ids or a vector in, a page of hits out.

It is handed its ``embed`` and its store, so the service, the scripts and the tests drive the same code.
"""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from imaging import Box
from search_api.embedding.client import Extraction, ImageRejected
from search_api.search.collapse import search_collapsed
from search_api.search.fusion import check_weights, fuse
from search_api.stores.base import Hit, Hits, Metric, Record, Search, Store, ZeroQuery
from search_api.web.parameters import Listing, Query
from serving.errors import BadParameter, NotFound
from wire.extraction import Rejected
from wire.vectors import Vector

Embed = Callable[[Sequence[bytes], Box | None], Extraction]

_DECIMALS = 6


@dataclass(frozen=True)
class Page:
    """One page of an answer. ``seconds`` says how long each stage took.

    By id: ``vectors``, when asked for, and ``copies``, the hits that were folded into one.
    """

    hits: Hits
    query: Query
    metric: Metric
    seconds: dict[str, float]
    vectors: dict[str, Vector] = field(default_factory=dict)
    copies: dict[str, list[Hit]] = field(default_factory=dict)


@dataclass(frozen=True)
class Records:
    """One page of a listing, how many records there are in all, and the id to go on ``after``, if any."""

    records: Sequence[Record]
    listing: Listing
    total: int
    after: str | None


def search_by_images(images: Sequence[bytes], query: Query, embed: Embed, store: Store) -> Page:
    """Embed ``images`` and find their like; raises ImageRejected, ModelMismatch and what embed and store raise."""
    if query.box is not None and len(images) > 1:
        raise BadParameter("box goes with one image.")
    check_weights(query.weights, len(images))
    started = time.perf_counter()
    extraction = embed(images, query.box)
    extracted = time.perf_counter() - started
    vectors = _all_vectors(extraction)
    store.expect(extraction.fingerprint)
    exclude: Sequence[str] = ()
    if query.exclude_self:
        exclude = [record.id for record in store.by_sha256([hashlib.sha256(image).hexdigest() for image in images])]
    return _find(fuse(vectors, query.weights, store.metric), query, store, {"extract": extracted}, exclude)


def search_by_ids(ids: Sequence[str], query: Query, store: Store) -> Page:
    """Find what is like the indexed images ``ids``; raises NotFound."""
    check_weights(query.weights, len(ids))
    vectors = {record.id: record.vector for record in store.get(ids, with_vectors=True)}
    found = [vectors.get(id_) for id_ in ids]
    known = [vector for vector in found if vector is not None]
    if len(known) < len(ids):
        raise _unknown(ids[[vector is None for vector in found].index(True)])
    return _find(fuse(known, query.weights, store.metric), query, store, {}, ids if query.exclude_self else ())


def search_by_vector(vector: Vector, fingerprint: str | None, query: Query, store: Store) -> Page:
    """Find what is near ``vector``; its fingerprint is checked where the client knows it."""
    if query.exclude_self or query.weights is not None:
        raise BadParameter("excludeSelf and weights go with images or ids, not with a vector.")
    if fingerprint is not None:
        store.expect(fingerprint)
    return _find(vector, query, store, {}, ())


def compare_images(images: Sequence[bytes], embed: Embed) -> tuple[float, str]:
    """The cosine of two images, and the fingerprint of the model that says so; raises ImageRejected."""
    if len(images) != 2:
        raise BadParameter("Two images are compared: send two parts named file, or two texts in the list imgs.")
    extraction = embed(images, None)
    one, other = (vector.astype(np.float64) for vector in _all_vectors(extraction))
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    if not np.isfinite(lengths) or lengths == 0:
        raise ZeroQuery("An image has no direction to compare: its vector is zero or not finite.")
    cosine = round(float(one @ other) / lengths, _DECIMALS)
    return min(1.0, max(-1.0, cosine)), extraction.fingerprint


def find_record(id_: str, store: Store, *, with_vector: bool = False) -> Record:
    """The record ``id_``; raises NotFound."""
    records = store.get([id_], with_vectors=with_vector)
    if not records:
        raise _unknown(id_)
    return records[0]


def list_records(listing: Listing, store: Store) -> Records:
    """The records that ``listing`` asks for, in the order of their ids."""
    records = store.browse(filter=listing.filter, after=listing.after, offset=listing.offset, limit=listing.page_size)
    goes_on = len(records) == listing.page_size and not store.read_only  # which has no order of ids
    return Records(records, listing, store.count(listing.filter), records[-1].id if goes_on else None)


def _unknown(id_: str) -> NotFound:
    return NotFound(f"No indexed image has the id {id_[:64]}.")


def _all_vectors(extraction: Extraction) -> list[Vector]:
    """A vector for each image; the first that has none is raised as ImageRejected."""
    vectors = []
    for place, item in enumerate(extraction.items, 1):
        if isinstance(item, Rejected):
            which = f"Image {place}: " if len(extraction.items) > 1 else ""
            raise ImageRejected(Rejected(item.error, f"{which}{item.detail}"))
        vectors.append(item)
    return vectors


def _find(vector: Vector, query: Query, store: Store, seconds: dict[str, float], exclude: Sequence[str]) -> Page:
    started = time.perf_counter()
    search = Search(
        vector=vector,
        threshold=query.threshold(store.metric),
        offset=query.offset,
        limit=query.page_size,
        filter=query.filter or {},
        mode=query.mode,
        candidates=query.candidates,
        exclude=exclude,
    )
    copies: dict[str, list[Hit]] = {}
    if query.collapse is None:
        hits = store.search(search)
    else:
        folded = search_collapsed(store, search, query.collapse)
        hits, copies = folded.hits, folded.copies
    vectors = {}
    if query.include_vector:
        records = store.get([hit.id for hit in hits.hits], with_vectors=True)
        vectors = {record.id: record.vector for record in records if record.vector is not None}
    searched = time.perf_counter() - started
    total = seconds.get("extract", 0.0) + searched
    return Page(hits, query, store.metric, {**seconds, "store": searched, "total": total}, vectors, copies)
