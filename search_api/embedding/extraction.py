"""The result of embedding images, by the extractor's client or by the extractor in this process."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from imaging import Box
from wire.extraction import Rejected
from wire.vectors import Vector


@dataclass(frozen=True)
class Extraction:
    """For each image, in order, its vector (dim,) or why it has none; and the model's fingerprint."""

    items: Sequence[Vector | Rejected]
    fingerprint: str


class Embed(Protocol):
    """Embeds images: all of each, or the part in ``box``."""

    def __call__(self, images: Sequence[bytes], box: Box | None = None) -> Extraction:
        """Return a vector for each of ``images``, in order, or why it has none."""
