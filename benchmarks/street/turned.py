"""First part, as published: the search for a photo has the photo first, then its turned copies."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.street.photos import TURNS, Photo
from benchmarks.street.stores import ROUNDING, Stores, same_ranking
from benchmarks.tables import format_table
from extractor.embedder import Embedder
from search_api.stores.base import Hit, Search

RANKED = 10  # hits of each query, and how many of them are compared between stores


@dataclass(frozen=True)
class PhotoResult:
    """The hits of one photo in the first store. ``length`` is the squared length of its vector."""

    photo: Photo
    hits: Sequence[Hit]
    length: float
    same_on_all: bool

    @property
    def own_distance(self) -> float | None:
        """Return the distance of the photo itself; None where it is not among the hits."""
        return next((hit.distance for hit in self.hits if hit.id == self.photo.itself.id), None)

    @property
    def finds_itself_first(self) -> bool:
        """Return whether the photo is at distance 0; another one with the same pixels may be, too."""
        return self.own_distance is not None and self.own_distance <= ROUNDING * self.length

    @property
    def ranks(self) -> list[int | None]:
        """Return the ranks of the turned copies without the photo itself, from 1; None where one is no hit."""
        others = [hit.id for hit in self.hits if hit.id != self.photo.itself.id]
        return [others.index(copy.id) + 1 if copy.id in others else None for copy in self.photo.turned]

    @property
    def recall(self) -> float:
        """Return which share of the turned copies is among the next three hits."""
        return sum(rank is not None and rank <= TURNS for rank in self.ranks) / TURNS


def search_for(photo: Photo, embedder: Embedder, stores: Stores) -> PhotoResult:
    """Search every store for ``photo``, read and embedded anew."""
    vector = embedder.embed([photo.itself.file.read_bytes()])[0]
    first, *others = [store.search(Search(vector, limit=RANKED)).hits for store in stores.values()]
    length = float(np.vdot(vector, vector))
    return PhotoResult(photo, first, length, all(same_ranking(first, other) for other in others))


def format_results(results: Sequence[PhotoResult]) -> str:
    """Return a table with a line for every photo."""
    header = (
        "photo",
        "squared length",
        "itself at",
        "turned by",
        "found as",
        f"among next {TURNS}",
        "farthest copy",
        "nearest other",
    )
    return format_table(header, [_row(result) for result in results])


def format_summary(results: Sequence[PhotoResult], stores: Stores) -> str:
    """Return how many photos are first, the recall of the turned copies, and whether the stores agree."""
    count, first = len(results), sum(result.finds_itself_first for result in results)
    lines = [
        f"itself first, at distance 0: {first} of {count}",
        f"turned copies among the next {TURNS}: {np.mean([result.recall for result in results]):.1%}",
    ]
    if len(stores) > 1:
        same = sum(result.same_on_all for result in results)
        lines.append(f"the first {RANKED} are the same on {' and '.join(stores)}: {same} of {count}")
    return "\n".join(lines)


def _row(result: PhotoResult) -> tuple[str, ...]:
    own = "not found" if result.own_distance is None else f"{result.own_distance:.4f}"
    family = {copy.id for copy in result.photo.turned}
    copies = [hit.distance for hit in result.hits if hit.id in family]
    others = [hit.distance for hit in result.hits if hit.id not in {*family, result.photo.itself.id}]
    return (
        result.photo.itself.name,
        f"{result.length:.1f}",
        own,
        " ".join(f"{copy.degrees}°" for copy in result.photo.turned),
        " ".join("-" if rank is None else str(rank) for rank in result.ranks),
        f"{result.recall:.0%}",
        f"{copies[-1]:.1f}" if len(copies) == TURNS else f"beyond {RANKED}",
        f"{others[0]:.1f}" if others else "",
    )
