"""First part, as published: each photo finds itself, then its turned copies."""

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
class Answer:
    """What one photo found in the first store. ``length`` is the squared length of its vector."""

    photo: Photo
    hits: Sequence[Hit]
    length: float
    same_on_all: bool

    @property
    def own_distance(self) -> float | None:
        """None where the photo itself is not among the hits."""
        return next((hit.distance for hit in self.hits if hit.id == self.photo.itself.id), None)

    @property
    def finds_itself_first(self) -> bool:
        """At distance 0; another photo with the very same pixels may stand beside it."""
        return self.own_distance is not None and self.own_distance <= ROUNDING * self.length

    @property
    def ranks(self) -> list[int | None]:
        """The places of the turned copies behind the photo itself, which is 0; None is beyond the last."""
        others = [hit.id for hit in self.hits if hit.id != self.photo.itself.id]
        return [others.index(copy.id) + 1 if copy.id in others else None for copy in self.photo.turned]

    @property
    def recall(self) -> float:
        """Which share of the turned copies is among the next three."""
        return sum(rank is not None and rank <= TURNS for rank in self.ranks) / TURNS


def ask(photo: Photo, embedder: Embedder, stores: Stores) -> Answer:
    """Search every store for ``photo``, read and embedded anew."""
    vector = embedder.embed([photo.itself.file.read_bytes()])[0]
    first, *others = [store.search(Search(vector, limit=RANKED)).hits for store in stores.values()]
    length = float(np.vdot(vector, vector))
    return Answer(photo, first, length, all(same_ranking(first, other) for other in others))


def format_answers(answers: Sequence[Answer]) -> str:
    """A line for every photo."""
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
    return format_table(header, [_row(answer) for answer in answers])


def format_summary(answers: Sequence[Answer], stores: Stores) -> str:
    """Itself first, recall of the turned copies, and whether the stores agree."""
    count, first = len(answers), sum(answer.finds_itself_first for answer in answers)
    lines = [
        f"itself first, at distance 0: {first} of {count}",
        f"turned copies among the next {TURNS}: {np.mean([answer.recall for answer in answers]):.1%}",
    ]
    if len(stores) > 1:
        same = sum(answer.same_on_all for answer in answers)
        lines.append(f"the first {RANKED} are the same on {' and '.join(stores)}: {same} of {count}")
    return "\n".join(lines)


def _row(answer: Answer) -> tuple[str, ...]:
    own = "not found" if answer.own_distance is None else f"{answer.own_distance:.4f}"
    family = {copy.id for copy in answer.photo.turned}
    copies = [hit.distance for hit in answer.hits if hit.id in family]
    others = [hit.distance for hit in answer.hits if hit.id not in {*family, answer.photo.itself.id}]
    return (
        answer.photo.itself.name,
        f"{answer.length:.1f}",
        own,
        " ".join(f"{copy.degrees}°" for copy in answer.photo.turned),
        " ".join("-" if rank is None else str(rank) for rank in answer.ranks),
        f"{answer.recall:.0%}",
        f"{copies[-1]:.1f}" if len(copies) == TURNS else f"beyond {RANKED}",
        f"{others[0]:.1f}" if others else "",
    )
