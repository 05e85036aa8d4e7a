"""Vectors on the wire, as numbers and packed."""

import base64
import json
import struct
from typing import Any

import numpy as np
import pytest

from wire.vectors import BadVector, Encoding, decode_vector, encode_vector

VECTOR = np.array([0.1, -2.5, 3e-38, 1e38, 0.0, np.pi], np.float32)


@pytest.mark.parametrize("encoding", ["float", "base64"])
def test_a_vector_survives_json_bit_by_bit(encoding: Encoding) -> None:
    read = decode_vector(json.loads(json.dumps(encode_vector(VECTOR, encoding))))
    assert read.dtype == np.float32
    assert read.tobytes() == VECTOR.tobytes()


def test_packed_means_little_endian_float32() -> None:
    assert encode_vector(np.array([1.0, -2.0], np.float32), "base64") == base64.b64encode(
        struct.pack("<2f", 1.0, -2.0)
    ).decode("ascii")


def test_a_vector_of_another_byte_order_is_packed_little_endian_too() -> None:
    assert encode_vector(VECTOR.astype(">f4"), "base64") == encode_vector(VECTOR, "base64")


def test_a_read_vector_can_be_written_to() -> None:
    packed = decode_vector(encode_vector(VECTOR, "base64"))
    packed /= 2
    assert packed[1] == -1.25


def test_whole_numbers_are_numbers() -> None:
    assert decode_vector([1, 2]).tolist() == [1.0, 2.0]


def test_what_is_too_large_for_float32_becomes_infinite_for_the_reader_to_judge() -> None:
    assert np.isinf(decode_vector([1e300])).all()


def test_anything_else_is_refused(subtests: pytest.Subtests) -> None:
    values: list[Any] = [
        None,
        5,
        {},
        [],
        ["1.0"],
        [True],
        [[1.0]],
        [1.0, None],
        [1.0, "x"],
        [{}],
        [10**400],
        "",
        "@@@",
        "QUJD",  # three bytes: no whole number of floats
        "QUJ",
    ]
    for value in values:
        with subtests.test(repr(value)[:20]), pytest.raises(BadVector):
            decode_vector(value)
