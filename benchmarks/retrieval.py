"""Measures how well each model finds what belongs together: ``python -m benchmarks.retrieval``.

``--catalogue FOLDER --shelf FOLDER``: a product's catalogue photo (NAME.jpg) is the query, all shelf photos
(NAME/*.jpg) are the index. Counted is whether one of the product's own shelf photos is the nearest, or among the
nearest 5 (hit rate at 1 and at 5). Catalogue photos of products that are not on the shelf are left out.

``--classes FOLDER``: every photo of a folder of class folders is the query once, all the others are the index. Counted
is which share of the nearest 5 is of its own class (precision at 5, leave-one-out).
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.embedders import add_model_arguments, embed_files, load_embedders
from benchmarks.images import photos_in
from benchmarks.tables import format_table
from extractor.embedder import Embedder

Labels = NDArray[np.str_]  # (n,)

NEAREST = 5


def nearest_labels(cosines: NDArray[np.float32], labels: Labels) -> Labels:
    """Return the labels of the nearest images, (queries, 5), nearest first; ``cosines`` is (queries, images)."""
    return labels[np.argsort(-cosines, axis=1, kind="stable")[:, :NEAREST]]


def hit_rates(embedder: Embedder, catalogue: Sequence[Path], shelf: Sequence[Path]) -> tuple[int, int]:
    """Return for how many catalogue photos the nearest shelf photo, or one of the nearest 5, is of the product."""
    queries, index = embed_files(embedder, catalogue), embed_files(embedder, shelf)
    found = nearest_labels(queries @ index.T, _folders(shelf))
    own = found == np.array([path.stem for path in catalogue])[:, None]
    return int(own[:, 0].sum()), int(own.any(axis=1).sum())


def class_precisions(embedder: Embedder, paths: Sequence[Path]) -> dict[str, float]:
    """Return the leave-one-out precision at 5 of every class, and under "all" that of all photos."""
    units, labels = embed_files(embedder, paths), _folders(paths)
    cosines = units @ units.T
    np.fill_diagonal(cosines, -np.inf)
    own = nearest_labels(cosines, labels) == labels[:, None]
    by_class = {str(label): float(own[labels == label].mean()) for label in np.unique(labels)}
    return {**by_class, "all": float(own.mean())}


def _folders(paths: Sequence[Path]) -> Labels:
    return np.array([path.parent.name for path in paths])


def _format_hits(hits: dict[str, tuple[int, int]], queries: int) -> str:
    rows = [[model, *(f"{count} ({count / queries:.0%})" for count in counts)] for model, counts in hits.items()]
    return format_table(["", "first", f"among {NEAREST}"], rows)


def _format_precisions(precisions: dict[str, dict[str, float]]) -> str:
    classes = next(iter(precisions.values()))
    rows = [[name, *(f"{of_model[name]:.2f}" for of_model in precisions.values())] for name in classes]
    return format_table(["", *precisions], rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.retrieval", description=__doc__.splitlines()[0])
    parser.add_argument("--catalogue", type=Path, metavar="FOLDER", help="one photo a product, NAME.jpg")
    parser.add_argument("--shelf", type=Path, metavar="FOLDER", help="one folder a product, NAME/")
    parser.add_argument("--classes", type=Path, metavar="FOLDER", help="one folder a class")
    add_model_arguments(parser)
    arguments = parser.parse_args()
    if (arguments.catalogue is None) != (arguments.shelf is None):
        parser.error("--catalogue and --shelf go together")
    if arguments.catalogue is None and arguments.classes is None:
        parser.error("name --catalogue and --shelf, or --classes")
    return arguments


def main() -> None:
    arguments = _arguments()
    shelf = photos_in(arguments.shelf) if arguments.shelf else []
    products = set(_folders(shelf))
    catalogue = [path for path in photos_in(arguments.catalogue) if path.stem in products] if shelf else []
    classes = photos_in(arguments.classes) if arguments.classes else []
    hits: dict[str, tuple[int, int]] = {}
    precisions: dict[str, dict[str, float]] = {}
    for embedder in load_embedders(arguments):
        if catalogue:
            hits[embedder.model.name] = hit_rates(embedder, catalogue, shelf)
        if classes:
            precisions[embedder.model.name] = class_precisions(embedder, classes)
    if hits:
        print(f"{len(catalogue)} catalogue photos, {len(shelf)} shelf photos. For how many the own product is found:")
        print(_format_hits(hits, len(catalogue)), end="\n\n")
    if precisions:
        print(f"{len(classes)} photos, leave-one-out. Share of the nearest {NEAREST} that is of the same class:")
        print(_format_precisions(precisions))


if __name__ == "__main__":
    main()
