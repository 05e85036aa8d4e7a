"""Images that tests send: drawn or photographed, written in any format."""

import io
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image

# What each format is written with so that it loses nothing, or as little as it can.
_BEST: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 95, "subsampling": 0},
    "WEBP": {"lossless": True},
    "AVIF": {"quality": 100},
    "HEIF": {"quality": -1, "chroma": 444, "matrix_coefficients": 0},
}


def drawing(width: int, height: int) -> Image.Image:
    """Return a smooth image in which every corner has its own colour: turned or mirrored, it is another image."""
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    channels = (255 * x, 255 * y, 200 * (1 - x) * (1 - y) + 40)
    return Image.fromarray(np.stack(channels, axis=-1).round().astype(np.uint8))


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Return ``image`` as a file of Pillow's format ``kind``."""
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
    file = io.BytesIO()
    image.save(file, kind, **{**_BEST.get(kind, {}), **options})
    return file.getvalue()


def exif(orientation: int) -> bytes:
    """Return EXIF data that hold an orientation and nothing else."""
    data = Image.Exif()
    data[0x0112] = orientation
    return data.tobytes()


def stored_as(image: Image.Image, orientation: int) -> Image.Image:
    """Return ``image`` the way a camera stores it that writes ``orientation`` beside it."""
    # The turns of the EXIF standard, undone: 6 says "turn clockwise", so it is stored turned the other way.
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    return image.transpose(turns[orientation]) if orientation in turns else image
