"""Records that no store takes."""

import math
from dataclasses import replace

from search_api.stores.base import Record, image_id
from tests.stores.samples import digest, record

_PATH = "spoilt.jpg"
_VECTOR = record(_PATH).vector

SPOILT_RECORDS = {
    "zero": record(_PATH, [0, 0, 0, 0]),
    "nan": record(_PATH, [1, math.nan, 0, 0]),
    "infinite": record(_PATH, [1, 0, -math.inf, 0]),
    "short": record(_PATH, [1, 2, 3]),
    "long": record(_PATH, [1, 2, 3, 4, 5]),
    "no vector": replace(record(_PATH), vector=None),
    "nested metadata": Record(image_id(_PATH), _PATH, digest(""), _VECTOR, {"a": ["b"]}),  # type: ignore[dict-item]
    "null metadata": Record(image_id(_PATH), _PATH, digest(""), _VECTOR, {"a": None}),  # type: ignore[dict-item]
    "large integer": record(_PATH, big=2**63),
    "small integer": record(_PATH, small=-(2**63) - 1),
    "half a character": record(_PATH, text="\ud800"),
    "half a character in a key": replace(record(_PATH), metadata={"\ud800": "x"}),
    "number that is not finite": record(_PATH, number=math.inf),
    "another path's id": replace(record(_PATH), id=image_id("other.jpg")),
    "digest in capitals": replace(record(_PATH), sha256="A" * 64),
}
_PATHS = ["", "/", "/etc/passwd", "../x.jpg", "a/../x.jpg", "a//x.jpg", "./x.jpg", "a/", "a\0.jpg", "\udcff.jpg"]


def _at(path: str) -> Record:
    return Record(image_id(path.encode(errors="replace").decode()), path, digest(""), _VECTOR)


SPOILT_PATHS = {repr(path): _at(path) for path in _PATHS}
