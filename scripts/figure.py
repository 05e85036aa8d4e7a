"""Draws a query and its hits as one image."""

import io
from collections.abc import Sequence
from pathlib import Path

import matplotlib.image
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from imaging import Limits, make_thumbnail, open_image

_COLUMNS = 6
_MAX_HITS = 23
_SIDE = 320
_INCHES = 2.0


def save_figure(query: Path, hits: Sequence[tuple[float, Path]], out: Path) -> None:
    """Write ``out``: the query, then the best hits with their scores and names, in rows of at most six."""
    shown = [("query", query), *((f"{score:.3f}  {path.name}", path) for score, path in hits[:_MAX_HITS])]
    columns = min(_COLUMNS, len(shown))
    rows = -(-len(shown) // columns)
    figure = Figure(figsize=(columns * _INCHES, rows * (_INCHES + 0.3)), layout="constrained")
    FigureCanvasAgg(figure)
    for axes in figure.subplots(rows, columns, squeeze=False).flat:
        axes.set_axis_off()
    for axes, (title, path) in zip(figure.axes, shown, strict=False):
        _draw(axes, title, path)
    figure.savefig(out, dpi=120)


def _draw(axes: Axes, title: str, path: Path) -> None:
    thumbnail = make_thumbnail(open_image(path.read_bytes(), Limits()), _SIDE)
    axes.imshow(matplotlib.image.imread(io.BytesIO(thumbnail), format="jpg"))
    axes.set_title(title, fontsize=7, wrap=True)
