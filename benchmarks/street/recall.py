"""Second part, the article's future work: changed copies of every kind are searched for among all photos."""

from collections.abc import Iterator
from dataclasses import dataclass

from benchmarks.changes import ALL_CHANGES, CHANGES
from benchmarks.embedders import embed_one_by_one
from benchmarks.street.photos import PHOTO, Photo
from benchmarks.tables import format_table
from extractor.embedder import Embedder, NoFeatures
from extractor.engines.base import Vectors
from search_api.stores.base import Search, Store

DEPTHS = (1, 5)
Kind = tuple[str, float]  # a change and its strength


@dataclass
class Recall:
    """For how many changed copies of a kind the photo was found, by depth; out of ``copies``."""

    copies: dict[Kind, int]
    found: dict[int, dict[Kind, int]]

    @classmethod
    def none_yet(cls) -> "Recall":
        kinds = [(name, strength) for name, strengths in ALL_CHANGES.items() for strength in strengths]
        return cls(dict.fromkeys(kinds, 0), {depth: dict.fromkeys(kinds, 0) for depth in DEPTHS})

    def share(self, depth: int, kind: Kind) -> float:
        """Return the recall of ``kind`` at ``depth``."""
        return self.found[depth][kind] / self.copies[kind]


def count_found(recall: Recall, photo: Photo, embedder: Embedder, store: Store) -> None:
    """Search for changed copies of ``photo`` and count in ``recall`` where it is among the hits."""
    rgb = photo.itself.pixels()
    kinds = list(recall.copies)
    vectors = embed_one_by_one(embedder, (CHANGES[name](rgb, strength) for name, strength in kinds))
    for kind, rank in zip(kinds, _ranks(photo, vectors, embedder, store), strict=True):
        recall.copies[kind] += 1
        for depth in DEPTHS:
            recall.found[depth][kind] += rank < depth


def format_recall(recall: Recall) -> str:
    """Return a table with a line for every change and strength."""
    rows = [
        (name, f"{strength:g}", *(f"{recall.share(depth, (name, strength)):.1%}" for depth in DEPTHS))
        for name, strength in recall.copies
    ]
    return format_table(("change", "strength", *(f"recall@{depth}" for depth in DEPTHS)), rows)


def _ranks(photo: Photo, vectors: Vectors, embedder: Embedder, store: Store) -> Iterator[int]:
    """Yield the photo's rank among the hits of each vector, from 0; the largest depth where it is not among them."""
    for vector in vectors:
        try:
            query = Search(embedder.finish(vector), limit=max(DEPTHS), filter={"kind": [PHOTO]})
        except NoFeatures:  # a change may leave nothing to see
            yield max(DEPTHS)
            continue
        ids = [hit.id for hit in store.search(query).hits]
        yield ids.index(photo.itself.id) if photo.itself.id in ids else max(DEPTHS)
