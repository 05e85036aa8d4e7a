"""Measures each model's suggested threshold: ``python -m benchmarks.thresholds [FOLDER ...]``.

The question a threshold answers is "is this the same photo, changed a little?". So each photo is compared with changed
copies of itself (which should pass) and with all other photos (which should not).

The rule: the lowest threshold, in steps of 0.01, at which at most 1 % of the pairs of different photos pass. Users
see a threshold that is too low as unrelated images among the hits, so that share is fixed and the share of copies that
pass is reported, as is usual for verification (ISO/IEC 19795-1: false non-match rate at a fixed false match rate). The
threshold with the best balanced accuracy would move with the mix of copies, which is arbitrary; with this rule a new
kind of copy changes no threshold. Quarter turns are reported next to the other copies and not counted with them.

What is measured holds for photos like those measured. The suggested thresholds come from 375 photos together: 150 of
clothing in ten classes (CC0) and 225 of groceries in a catalogue and on shelves (MIT), which make 70,125 pairs. On the
clothing alone the rule gives 0.71 (VGG16), 0.64 (MobileNetV2) and 0.65 (EfficientNet-Lite0), on the groceries, packages
photographed alike, 0.78 to 0.83: measure your own photos.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.changes import QUARTER_TURNS, SMALL_CHANGES, changed_copies
from benchmarks.embedders import add_model_arguments, embed_files, embed_pixels, load_embedders
from benchmarks.images import photos_in, read_rgb
from benchmarks.tables import format_table
from extractor.embedder import Embedder
from scripts.sample import bundled_photographs

Cosines = NDArray[np.float32]  # (n,)

FALSE_MATCHES = 0.01
QUANTILES = (0.01, 0.05, 0.5, 0.95, 0.99)
SEARCH_DEFAULT = 0.8  # the minimum score of a search that names none


def choose_threshold(different: Cosines) -> float:
    """Return the lowest multiple of 0.01 that at most 1 % of cosines between different photos reach; at most 1.0."""
    for hundredths in range(100):
        if np.mean(different >= hundredths / 100) <= FALSE_MATCHES:
            return hundredths / 100
    return 1.0


@dataclass(frozen=True)
class Measured:
    """Cosines of changed copies to their originals, by kind, and between all pairs of different photos."""

    small_changes: dict[str, Cosines]
    quarter_turns: dict[str, Cosines]
    different: Cosines


def measure(embedder: Embedder, paths: Sequence[Path]) -> Measured:
    """Embed the photos and all their copies, one photo after the other."""
    originals = embed_files(embedder, paths)
    rows = [_copy_cosines(embedder, path, original) for path, original in zip(paths, originals, strict=True)]
    by_kind = {kind: np.array([row[kind] for row in rows], np.float32) for kind in rows[0]}
    turns = {kind: by_kind.pop(kind) for kind in list(by_kind) if kind.startswith(tuple(QUARTER_TURNS))}
    return Measured(by_kind, turns, (originals @ originals.T)[np.triu_indices(len(paths), k=1)])


def format_measured(measured: Measured, threshold: float) -> str:
    """Return the table of one model."""
    small = np.concatenate(list(measured.small_changes.values()))
    rows = {
        **measured.small_changes,
        "all copies above": small,
        **measured.quarter_turns,
        "different photos": measured.different,
    }
    header = ["", f"pass {threshold:.2f}", f"pass {SEARCH_DEFAULT:.2f}", *(f"{share:.0%}" for share in QUANTILES)]
    return format_table(header, [_row(name, cosines, threshold) for name, cosines in rows.items()])


def _copy_cosines(embedder: Embedder, path: Path, original: Cosines) -> dict[str, float]:
    copies = changed_copies(read_rgb(path), {**SMALL_CHANGES, **QUARTER_TURNS})
    cosines = embed_pixels(embedder, list(copies.values())) @ original
    return dict(zip(copies, cosines.tolist(), strict=True))


def _row(name: str, cosines: Cosines, threshold: float) -> list[str]:
    passed = [f"{np.mean(cosines >= bound):.1%}" for bound in (threshold, SEARCH_DEFAULT)]
    return [name, *passed, *(f"{value:.3f}" for value in np.quantile(cosines, QUANTILES))]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.thresholds", description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="*", type=Path, help="photos, taken together; default: scikit-image's")
    add_model_arguments(parser)
    arguments = parser.parse_args()
    named = [path for folder in arguments.folder for path in photos_in(folder)]
    paths = named if arguments.folder else bundled_photographs()
    if len(paths) < 2:
        parser.error("at least two photos are needed")
    print(f"{len(paths)} photos, {len(paths) * (len(paths) - 1) // 2} pairs. Columns in %: quantiles of the cosine.\n")
    for embedder in load_embedders(arguments):
        measured = measure(embedder, paths)
        threshold = choose_threshold(measured.different)
        print(f"{embedder.model.name}, {embedder.engine.precision}: threshold {threshold:.2f}")
        print(format_measured(measured, threshold), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
