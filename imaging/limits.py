"""How large an image may be."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Bounds that are checked before any pixel is decoded."""

    max_bytes: int = 20 * 2**20
    max_pixels: int = 64_000_000
