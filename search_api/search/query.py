"""What a client asks for beside the image."""

from collections.abc import Sequence
from dataclasses import dataclass

from imaging import Box
from search_api.images.records import Paging
from search_api.stores.base import DEFAULT_CANDIDATES, Filter, Metric, Mode, Search, Vector

DEFAULT_SCORE = 0.8
MAX_QUERIES = 16  # images or ids that one search may be asked with
MIN_COLLAPSE = 0.01
MAX_WEIGHT = 1_000.0


@dataclass(frozen=True)
class Query(Paging):
    """One search. ``score`` is the minimum under the metric cosine, ``distance`` the maximum under l2.

    ``weights`` are one for each image of a search by several; None means equal ones. ``collapse`` is the cosine from
    which a hit is collapsed into a better one.
    """

    score: float = DEFAULT_SCORE
    distance: float | None = None
    filter: Filter | None = None
    mode: Mode = "exact"
    candidates: int = DEFAULT_CANDIDATES
    include_vector: bool = False
    box: Box | None = None
    weights: tuple[float, ...] | None = None
    exclude_self: bool = False
    collapse: float | None = None

    def search(self, vector: Vector, metric: Metric, exclude: Sequence[str]) -> Search:
        """Return the search for a store of ``metric``: with ``vector``, without the ids ``exclude``."""
        return Search(
            vector=vector,
            threshold=self.score if metric == "cosine" else self.distance,
            offset=self.offset,
            limit=self.page_size,
            filter=self.filter or {},
            mode=self.mode,
            candidates=self.candidates,
            exclude=exclude,
        )
