"""Vectors in JSON: a list of numbers, or base64 of packed little-endian float32 (a third of the size)."""

import base64
import binascii
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
Encoding = Literal["float", "base64"]
ENCODINGS: tuple[Encoding, ...] = ("float", "base64")


class BadVector(ValueError):
    """The value is not a vector in either encoding."""


def encode_vector(vector: Vector, encoding: Encoding) -> list[float] | str:
    """Return ``vector``, (dim,) float32, as JSON can carry it."""
    if encoding == "base64":
        return base64.b64encode(vector.astype("<f4").tobytes()).decode("ascii")
    numbers: list[float] = vector.tolist()
    return numbers


def decode_vector(value: Any) -> Vector:
    """Return the vector, (dim,) float32, that ``value`` encodes; it may hold non-finite numbers. Raises BadVector."""
    if isinstance(value, str):
        return _unpack(value)
    if not isinstance(value, list) or not value or not all(type(number) in (int, float) for number in value):
        raise BadVector("A vector is a list of numbers, or base64 of packed little-endian float32 numbers.")
    try:
        with np.errstate(over="ignore"):
            return np.array(value, np.float64).astype(np.float32)
    except OverflowError:
        raise BadVector("A number of the vector is too large.") from None


def _unpack(text: str) -> Vector:
    try:
        vector = np.frombuffer(base64.b64decode(text, validate=True), "<f4").astype(np.float32)
    except (binascii.Error, ValueError) as error:
        raise BadVector(f"A packed vector is base64 of little-endian float32 numbers ({error}).") from None
    if not vector.size:
        raise BadVector("A packed vector has at least one number.")
    return vector
