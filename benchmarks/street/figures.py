"""The figures of the experiment: queries with their hits, and recall over strength."""

from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from benchmarks.changes import ALL_CHANGES
from benchmarks.distortions import within
from benchmarks.street.photos import IndexedImage
from benchmarks.street.recall import DEPTHS, Recall
from benchmarks.street.turned import PhotoResult

_MAX_ROWS = 13
_HITS = 5
_SIDE = 224
_INCHES = 2.2
_COLUMNS = 4


def save_hits(results: Sequence[PhotoResult], images: Mapping[str, IndexedImage], out: Path) -> None:
    """Write rows of a query and its first five hits with names and distances; of many photos some, evenly spread."""
    shown = [results[int(index)] for index in np.linspace(0, len(results) - 1, min(_MAX_ROWS, len(results)))]
    figure, grid = _grid(len(shown), 1 + _HITS, 0.25)
    for result, row in zip(shown, grid, strict=True):
        _draw(row[0], result.photo.itself, "query")
        for hit, axes in zip(result.hits, row[1:], strict=False):
            _draw(axes, images[hit.id], f"{hit.distance:.1f}")
    figure.savefig(out, dpi=100)


def save_recall(recall: Recall, out: Path) -> None:
    """Write one small plot for each change."""
    figure, grid = _grid(-(-len(ALL_CHANGES) // _COLUMNS), _COLUMNS, 0.0)
    for (name, strengths), axes in zip(ALL_CHANGES.items(), chain(*grid), strict=False):
        axes.set_axis_on()
        across = sorted(strengths)
        for depth, marker in zip(DEPTHS, "o^", strict=True):
            shares = [recall.share(depth, (name, strength)) for strength in across]
            axes.plot(range(len(across)), shares, marker=marker, markersize=4, label=f"recall@{depth}")
        axes.set_xticks(range(len(across)), [f"{strength:g}" for strength in across])
        axes.set_ylim(-0.05, 1.05)
        axes.set_title(name, fontsize=7)
        axes.tick_params(labelsize=7)
    figure.axes[0].legend(fontsize=7, loc="lower left")
    figure.savefig(out, dpi=90)


def _grid(rows: int, columns: int, room: float) -> tuple[Figure, list[list[Axes]]]:
    figure = Figure(figsize=(columns * _INCHES, rows * (_INCHES + room)), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.subplots(rows, columns, squeeze=False)
    for axes in grid.flat:
        axes.set_axis_off()
    return figure, grid.tolist()


def _draw(axes: Axes, image: IndexedImage, above: str) -> None:
    axes.imshow(within(_SIDE, image.pixels()))
    axes.set_title(f"{above}\n{image.name}", fontsize=7, wrap=True, parse_math=False)  # a name may hold a $
