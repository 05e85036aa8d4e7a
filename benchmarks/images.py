"""The photos of a folder, and their pixels."""

from pathlib import Path

from imaging import SNIFFED_BYTES, Limits, looks_like_image, open_image
from imaging.colour import Rgb, to_rgb
from imaging.orientation import upright

LIMITS = Limits()


def photos_in(folder: Path) -> list[Path]:
    """Return all images in ``folder`` and below, known by their content, in the order of their names."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and _is_image(path)]


def read_rgb(path: Path) -> Rgb:
    """Return the upright image in full size, (height, width, 3) uint8; raises an ImageError."""
    image = open_image(path.read_bytes(), LIMITS)
    return to_rgb(upright(image.load(), image.orientation))


def _is_image(path: Path) -> bool:
    with path.open("rb") as file:
        return looks_like_image(file.read(SNIFFED_BYTES))
