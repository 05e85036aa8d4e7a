"""The search itself, free of HTTP: images, ids or a vector in, a page of hits out.

It is handed its ``embed`` and its store, so the service, the scripts and the tests drive the same code.
"""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from search_api.embedding.errors import ImageRejected
from search_api.embedding.extraction import Embed, Extraction
from search_api.images.records import unknown_id
from search_api.search.collapse import search_collapsed
from search_api.search.fusion import check_weights, fuse
from search_api.search.query import Query
from search_api.stores.base import SCORE_DECIMALS, Hit, Hits, Store, ZeroQuery
from serving.errors import BadParameter
from wire.extraction import Rejected
from wire.vectors import Vector


@dataclass(frozen=True)
class SearchPage:
    """One page of an answer. ``seconds`` says how long each stage took.

    By id: ``vectors``, when asked for, and ``inner_hits``, those that were collapsed into a hit.
    """

    hits: Hits
    query: Query
    seconds: dict[str, float]
    vectors: dict[str, Vector] = field(default_factory=dict)
    inner_hits: dict[str, list[Hit]] = field(default_factory=dict)


def search_by_images(images: Sequence[bytes], query: Query, embed: Embed, store: Store) -> SearchPage:
    """Embed ``images`` and find what is like them; raises ImageRejected, ModelMismatch, and as embed and store do."""
    if query.box is not None and len(images) > 1:
        raise BadParameter("box can be used with one image only.")
    if query.weights is not None:
        check_weights(query.weights, len(images))
    started = time.perf_counter()
    extraction = embed(images, query.box)
    seconds = {"extract": time.perf_counter() - started}
    vectors = _all_vectors(extraction)
    store.expect(extraction.fingerprint)
    exclude = _ids_of(images, store) if query.exclude_self else ()
    return _search(_query_vector(vectors, query, store), query, store, seconds, exclude)


def search_by_ids(ids: Sequence[str], query: Query, store: Store) -> SearchPage:
    """Find what is like the indexed images ``ids``; raises NotFound."""
    if query.weights is not None:
        check_weights(query.weights, len(ids))
    vectors = {record.id: record.vector for record in store.get(ids, with_vectors=True)}
    found = [vectors.get(id_) for id_ in ids]
    known = [vector for vector in found if vector is not None]
    if len(known) < len(ids):
        raise unknown_id(ids[[vector is None for vector in found].index(True)])
    return _search(_query_vector(known, query, store), query, store, {}, ids if query.exclude_self else ())


def search_by_vector(vector: Vector, fingerprint: str | None, query: Query, store: Store) -> SearchPage:
    """Find what is near ``vector`` (dim,); its ``fingerprint`` is checked where the client knows it."""
    if query.exclude_self or query.weights is not None:
        raise BadParameter("excludeSelf and weights can be used with images or ids, not with a vector.")
    if fingerprint is not None:
        store.expect(fingerprint)
    return _search(vector, query, store, {}, ())


def compare_images(images: Sequence[bytes], embed: Embed) -> tuple[float, str]:
    """Return the cosine of two images and the fingerprint of the model that computed it; raises ImageRejected."""
    if len(images) != 2:
        raise BadParameter("Two images are compared: send two parts named file, or two texts in the list imgs.")
    extraction = embed(images)
    one, other = (vector.astype(np.float64) for vector in _all_vectors(extraction))
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    if not np.isfinite(lengths) or lengths == 0:
        raise ZeroQuery("An image has no direction to compare: its vector is zero or not finite.")
    cosine = round(float(one @ other) / lengths, SCORE_DECIMALS)
    return min(1.0, max(-1.0, cosine)), extraction.fingerprint


def _all_vectors(extraction: Extraction) -> list[Vector]:
    """Return a vector for each image; raises ImageRejected for the first that has none."""
    vectors = []
    for number, item in enumerate(extraction.items, 1):
        if isinstance(item, Rejected):
            which = f"Image {number}: " if len(extraction.items) > 1 else ""
            raise ImageRejected(Rejected(item.error, f"{which}{item.detail}"))
        vectors.append(item)
    return vectors


def _query_vector(vectors: Sequence[Vector], query: Query, store: Store) -> Vector:
    if len(vectors) == 1 and (query.weights is None or query.weights[0] > 0):
        return vectors[0]
    return fuse(vectors, query.weights or [1.0] * len(vectors), store.metric)


def _ids_of(images: Sequence[bytes], store: Store) -> list[str]:
    """Return the ids of the records that hold exactly these bytes."""
    return [record.id for record in store.by_sha256([hashlib.sha256(image).hexdigest() for image in images])]


def _search(
    vector: Vector, query: Query, store: Store, seconds: dict[str, float], exclude: Sequence[str]
) -> SearchPage:
    started = time.perf_counter()
    search = query.search(vector, store.metric, exclude)
    inner_hits: dict[str, list[Hit]] = {}
    if query.collapse is None:
        hits = store.search(search)
    else:
        collapsed = search_collapsed(store, search, query.collapse)
        hits, inner_hits = collapsed.hits, collapsed.inner_hits
    vectors = {}
    if query.include_vector:
        records = store.get([hit.id for hit in hits.hits], with_vectors=True)
        vectors = {record.id: record.vector for record in records if record.vector is not None}
    searched = time.perf_counter() - started
    total = seconds.get("extract", 0.0) + searched
    return SearchPage(hits, query, {**seconds, "store": searched, "total": total}, vectors, inner_hits)
