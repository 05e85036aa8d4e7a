"""What the extractor answers, as types: routes return them, and the OpenAPI document is made from them."""

from typing import Annotated, Generic, TypeVar

from pydantic import Field
from typing_extensions import TypedDict

from extractor.engines.base import EngineName, Precision
from extractor.models import Pooling

PackedVector = Annotated[str, Field(description="base64 of little-endian float32 numbers")]
VectorT = TypeVar("VectorT", bound=list[float] | str)  # the document knows how many numbers a vector has
DimT = TypeVar("DimT", bound=int)


class ModelDescription(TypedDict):
    """The model that is served, and how."""

    name: str
    dim: int
    fingerprint: Annotated[str, Field(description="All that a vector depends on; only equal ones may be compared.")]
    size: Annotated[int, Field(description="Side of the square that the network sees, in pixels.")]
    pooling: Pooling
    preprocessing: str
    precision: Precision
    engine: EngineName
    weights: str
    suggestedThreshold: Annotated[float, Field(description="A minimum score to begin with.")]


class Embedded(TypedDict, Generic[VectorT]):
    """An image of a batch that has a vector."""

    vector: VectorT


class Refused(TypedDict):
    """An image of a batch that has none."""

    error: Annotated[str, Field(description="The error's name.")]
    detail: str


class BatchAnswer(TypedDict, Generic[VectorT, DimT]):
    """The vectors of a batch, in the order of its images."""

    model: Annotated[str, Field(description="The model's fingerprint.")]
    dim: DimT
    items: list[Embedded[VectorT] | Refused]
