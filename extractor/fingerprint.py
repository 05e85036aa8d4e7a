"""The fingerprint: all that a vector depends on, as one line that is stored and sent with it."""

from dataclasses import dataclass

from extractor.models import Pooling


@dataclass(frozen=True)
class Fingerprint:
    """What a vector depends on; two vectors may be compared only when their fingerprints are equal.

    ``precision_class`` is ``float`` (float32 and checked bfloat16), or ``int8`` with the digest of its calibration.
    """

    model: str
    weights: str
    pooling: Pooling
    preprocessing: str
    size: int
    dim: int
    precision_class: str

    def __str__(self) -> str:
        return (
            f"{self.model}:{self.weights[:16]}:{self.pooling}:{self.preprocessing}"
            f":{self.size}:{self.dim}:{self.precision_class}"
        )
