"""Collapsing near-duplicates into the best of them, so that a page shows different images.

Hits are gone through best first: one whose cosine with an earlier, kept hit reaches the threshold joins the first such.
That needs the vectors of all hits, so only the best DEPTH of a ranking are looked at. Every page is cut from the same
collapsed ranking: pages neither overlap nor leave gaps.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from search_api.stores.base import SCORE_DECIMALS, Hit, Hits, Search, Store

DEPTH = 1_000


@dataclass(frozen=True)
class CollapsedHits:
    """One page of kept hits; ``inner_hits`` are by the id of the hit that they were collapsed into."""

    hits: Hits
    inner_hits: dict[str, list[Hit]]


def search_collapsed(store: Store, search: Search, threshold: float) -> CollapsedHits:
    """Search as ``store.search``, and collapse hits of a cosine of ``threshold`` or more with a better one into it."""
    found = store.search(replace(search, offset=0, limit=DEPTH))
    groups = _group(store, found.hits, threshold)
    page = groups[search.offset : search.offset + search.limit]
    relation = found.relation if found.total <= DEPTH else "gte"
    hits = Hits([group[0] for group in page], len(groups), relation)
    return CollapsedHits(hits, {group[0].id: group[1:] for group in page if group[1:]})


def _group(store: Store, hits: Sequence[Hit], threshold: float) -> list[list[Hit]]:
    records = store.get([hit.id for hit in hits], with_vectors=True)
    vectors = {record.id: record.vector for record in records if record.vector is not None}
    hits = [hit for hit in hits if hit.id in vectors]  # else it was deleted meanwhile
    if not hits:
        return []
    rows = np.array([vectors[hit.id] for hit in hits], np.float64)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    alike = (rows @ rows.T).round(SCORE_DECIMALS) >= threshold
    groups: dict[int, list[Hit]] = {}
    for index, hit in enumerate(hits):
        kept = np.fromiter(groups, int)
        joined = kept[alike[index, kept]]
        groups.setdefault(int(joined[0]) if joined.size else index, []).append(hit)
    return list(groups.values())
