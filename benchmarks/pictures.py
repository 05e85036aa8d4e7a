"""The photos that are measured: which ones, and their pixels."""

from importlib import resources
from pathlib import Path

from imaging import Limits, PictureError, open_picture, sniff
from imaging.colour import Rgb, to_rgb
from imaging.orientation import upright

LIMITS = Limits()

# The rest of scikit-image's pictures are test patterns, drawings, microscope slides, and the right eye's view of the
# motorcycle, which is no other photo.
_BUNDLED = (
    "astronaut.png",
    "brick.png",
    "camera.png",
    "chelsea.png",
    "clock_motion.png",
    "coffee.png",
    "coins.png",
    "grass.png",
    "gravel.png",
    "hubble_deep_field.jpg",
    "moon.png",
    "motorcycle_left.png",
    "page.png",
    "retina.jpg",
    "rocket.jpg",
    "text.png",
)
_ENOUGH_TO_SNIFF = 4096


def bundled_photos() -> list[Path]:
    """The 16 photographs inside scikit-image's package."""
    return [Path(str(resources.files("skimage") / "data" / name)) for name in _BUNDLED]


def photos_in(folder: Path) -> list[Path]:
    """All pictures in ``folder`` and below, by content, in the order of their names."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and _is_picture(path)]


def read_rgb(path: Path) -> Rgb:
    """The upright picture in full size, (height, width, 3) uint8; raises a PictureError."""
    picture = open_picture(path.read_bytes(), LIMITS)
    return to_rgb(upright(picture.load(), picture.orientation))


def _is_picture(path: Path) -> bool:
    with path.open("rb") as file:
        start = file.read(_ENOUGH_TO_SNIFF)
    try:
        sniff(start)
    except PictureError:
        return False
    return True
