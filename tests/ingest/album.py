"""Small images, each unlike the others, and folders full of them."""

import io
from pathlib import Path

import numpy as np
from PIL import Image


def image(number: int, kind: str = "JPEG") -> bytes:
    """Return image ``number``: a few coloured fields."""
    fields = np.random.default_rng(number).integers(0, 256, (4, 4, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(fields.repeat(12, axis=0).repeat(12, axis=1)).save(file, kind)
    return file.getvalue()


def put(folder: Path, name: str, data: bytes) -> Path:
    """Write a file, and the folders that lead to it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def fill(folder: Path, count: int, first: int = 0) -> list[str]:
    """Put ``count`` images into some folders below ``folder``; return their paths as records keep them."""
    names = [f"{number % 3}/{number:04}.jpg" for number in range(first, first + count)]
    for number, name in enumerate(names, first):
        put(folder, name, image(number))
    return names
