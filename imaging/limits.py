"""The limits on the size of an image."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """The largest image, in bytes of its file and in pixels; checked before any pixel is decoded."""

    max_bytes: int = 20 * 2**20
    max_pixels: int = 64_000_000
