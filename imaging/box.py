"""A part of an image, in fractions of its upright width and height."""

import math
from dataclasses import dataclass
from typing import Any

from imaging.errors import BadBox

_MIN_SIDE = 1e-6
_ROUNDING = 1e-6  # a box that a client has rounded may reach beyond the image by this much


@dataclass(frozen=True)
class Box:
    """Left, top, width and height, each a fraction in 0..1."""

    x: float
    y: float
    w: float
    h: float

    def __str__(self) -> str:
        return f"{self.x},{self.y},{self.w},{self.h}"

    def pixels(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Return (left, top, right, bottom) in an image of that size, at least one pixel wide and high."""
        left = min(round(self.x * width), width - 1)
        top = min(round(self.y * height), height - 1)
        right = min(max(round((self.x + self.w) * width), left + 1), width)
        bottom = min(max(round((self.y + self.h) * height), top + 1), height)
        return left, top, right, bottom


def parse_box(value: Any) -> Box | None:
    """Return the box that ``"x,y,w,h"`` or a list of four numbers is, None for the whole image (None or ``""``).

    Raises :class:`BadBox`.
    """
    if value is None or value == "":
        return None
    parts = value.split(",") if isinstance(value, str) else value
    try:
        x, y, w, h = (float(part) for part in parts)
    except (TypeError, ValueError, OverflowError):
        raise BadBox("box is four numbers, x,y,w,h, as fractions of the image's width and height.") from None
    inside = all(map(math.isfinite, (x, y, w, h))) and x >= 0 and y >= 0 and min(w, h) >= _MIN_SIDE
    if not inside or x + w > 1 + _ROUNDING or y + h > 1 + _ROUNDING:
        raise BadBox(f"box {str(value)[:80]} is not inside the image: x, y >= 0, w, h > 0, x + w <= 1 and y + h <= 1.")
    return Box(x, y, w, h)
