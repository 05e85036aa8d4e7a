"""The contract of a store: where records are kept and the nearest ones are found.

Meaning. A record is one image: its path below the image root, the SHA-256 of its bytes, its vector and a flat dict of
metadata. Its id is derived from the path, so ingesting a path again replaces the record and never doubles it. A store
holds the vectors of one model, named by a fingerprint, and refuses others.

Order of effects. What ``upsert`` or ``delete`` returned from is durable: it survives kill -9, and the handle that wrote
it reads it (``get``, ``by_path``, ``by_sha256``, ``count``, ``scan``). What was written before ``publish`` returned is
seen by every later search of every process; a query itself never waits for a write.

Metric. ``cosine``: score is the raw cosine in [-1, 1] and a threshold is the smallest score. ``l2``: ranked by the
squared Euclidean distance of the raw vectors, and a threshold is the largest distance. Order: best first, then by id.
Pages neither overlap nor leave gaps. ``total`` counts every record that passes threshold and filter; it is exact where
``relation`` is ``"eq"``. Engines round differently: numbers are within 1e-5, and within a tenth of that of a threshold
a record may fall on either side; distances beyond 1 are within that share of their size.

Threads may share a store. Several processes may read while one writes.
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]  # (dim,)
MetadataValue = str | int | float | bool
Metadata = Mapping[str, MetadataValue]
Filter = Mapping[str, Sequence[str]]  # every key must match, any of its values; compared as text
Metric = Literal["cosine", "l2"]
Mode = Literal["exact", "ann"]
Relation = Literal["eq", "gte"]

METRICS: tuple[Metric, ...] = ("cosine", "l2")
MODES: tuple[Mode, ...] = ("exact", "ann")
UNKNOWN_FINGERPRINT = "unknown"  # of a collection that does not say which model it is of
UNKNOWN_SHA256 = "0" * 64  # of a record whose file nobody has seen
MAX_DEPTH = 10_000  # offset + limit, on every store
MAX_INTEGER = 2**63 - 1  # of metadata; the smallest is -MAX_INTEGER - 1
SCORE_DECIMALS = 6  # that every store rounds a cosine to: scores that are equal then are ties
DEFAULT_CANDIDATES = 200


class StoreUnavailable(RuntimeError):
    """The store cannot be reached or used; the message says what to do."""


class StoreMissing(StoreUnavailable):
    """There is no such collection yet."""


class ClientNotInstalled(StoreUnavailable):
    """The package that the store's engine is reached with is not installed."""

    def __init__(self, store: str, package: str, extra: str) -> None:
        super().__init__(
            f"The {store} store needs the package {package}, which is not installed:"
            f" run pip install -r requirements.txt, or uv sync --extra {extra}."
        )


class StoreReadOnly(StoreUnavailable):
    """The collection can be searched but not changed."""


class StoreTimeout(RuntimeError):
    """The store took too long."""


class ModelMismatch(ValueError):
    """Vectors of one model meet a collection of another."""


class BadRecord(ValueError):
    """A record that no store takes: a zero, non-finite or wrongly sized vector, or metadata that is not flat."""


class BadQuery(ValueError):
    """A query vector of the wrong size."""


class ZeroQuery(ValueError):
    """A query vector that is zero or not finite: it has no direction."""


@dataclass(frozen=True)
class Record:
    """One image. ``vector`` is None when a record was read without it."""

    id: str
    file_path: str
    sha256: str
    vector: Vector | None
    metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True)
class Hit:
    """One find: with a ``score`` under the metric cosine, with a ``distance`` under l2."""

    id: str
    file_path: str
    sha256: str
    score: float | None
    distance: float | None
    metadata: Metadata


@dataclass(frozen=True)
class Hits:
    """One page of finds, and how many there are in all."""

    hits: Sequence[Hit]
    total: int
    relation: Relation


@dataclass(frozen=True)
class Search:
    """A question to a store. ``threshold`` None lets everything pass; ``offset + limit`` is at most MAX_DEPTH.

    ``candidates`` is how many of the nearest an ann search looks at where the engine has a graph: all it can find.
    ``exclude`` are ids that are left out, of the total too.
    """

    vector: Vector
    threshold: float | None = None
    offset: int = 0
    limit: int = 10
    filter: Filter = field(default_factory=dict)
    mode: Mode = "exact"
    candidates: int = DEFAULT_CANDIDATES
    exclude: Sequence[str] = ()


def image_id(file_path: str) -> str:
    """The id of the record at ``file_path`` (relative to the image root, with ``/``): 32 hex digits."""
    return hashlib.sha256(file_path.encode()).hexdigest()[:32]


def as_text(value: MetadataValue) -> str:
    """A metadata value as filters compare it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(float(value))  # NumPy's own floats are written otherwise
    return value if isinstance(value, str) else repr(value)


class Store(ABC):
    """An opened collection of records."""

    fingerprint: str
    metric: Metric
    dim: int
    modes = MODES  # in which it can be searched
    read_only = False

    def check_writable(self) -> None:
        """Raise :class:`StoreReadOnly` for a collection that can be searched only."""
        if self.read_only:
            raise StoreReadOnly(
                "The collection was made by the published script and is read only: python -m scripts.index import"
                " moves it to a collection of its own."
            )

    @abstractmethod
    def upsert(self, records: Sequence[Record]) -> None:
        """Insert or replace ``records``; raises :class:`BadRecord` before anything is written.

        Of a batch that fails otherwise an engine without transactions may have written a part: repeat it.
        """

    @abstractmethod
    def publish(self) -> None:
        """Return when every later search sees what was written before."""

    @abstractmethod
    def search(self, search: Search) -> Hits:
        """Find the nearest records; raises :class:`BadQuery` or :class:`ZeroQuery`."""

    @abstractmethod
    def get(self, ids: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        """The records with these ids, in no particular order; unknown ids are left out."""

    @abstractmethod
    def by_path(self, paths: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        """The records at these paths."""

    @abstractmethod
    def by_sha256(self, digests: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        """The records with these contents; several may share one."""

    @abstractmethod
    def delete(self, *, ids: Sequence[str] = (), filter: Filter | None = None) -> int:
        """Delete the records with these ids, or all that match ``filter``; return how many there were."""

    @abstractmethod
    def clear(self) -> int:
        """Delete every record, keep the collection; return how many there were."""

    @abstractmethod
    def count(self, filter: Filter | None = None) -> int:
        """How many records there are, or match ``filter``."""

    @abstractmethod
    def browse(
        self, *, filter: Filter | None = None, after: str = "", offset: int = 0, limit: int = 10
    ) -> list[Record]:
        """Some of the records that match ``filter``, without vectors, in the order of their ids.

        They begin with the first id beyond ``after``, less ``offset`` records; ``offset + limit`` is at most MAX_DEPTH.
        """

    @abstractmethod
    def scan(self, *, with_vectors: bool = True) -> Iterator[Record]:
        """Every record once, in no particular order, without holding writers up."""

    @abstractmethod
    def ping(self) -> None:
        """Raise :class:`StoreUnavailable` when the store cannot answer."""

    @abstractmethod
    def close(self) -> None:
        """Let go of everything."""

    @abstractmethod
    def details(self) -> dict[str, str | int]:
        """What an operator wants to know of this engine's collection: where it is, how large."""

    @property
    @abstractmethod
    def stale(self) -> bool:
        """Whether the collection was dropped or replaced, so that it must be opened anew; may be a second late."""

    def expect(self, fingerprint: str) -> None:
        """Raise :class:`ModelMismatch` unless this collection holds vectors of ``fingerprint``."""
        if fingerprint != self.fingerprint:
            raise ModelMismatch(
                f"The collection holds vectors of {self.fingerprint}, but this vector is of {fingerprint}:"
                " start the extractor with that model, or index into a collection of its own."
            )
