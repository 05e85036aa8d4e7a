"""The contract of a store, which keeps records and searches for the nearest ones.

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

from wire import vectors

Vector = vectors.Vector  # (dim,) float32
MetadataValue = str | int | float | bool
Metadata = Mapping[str, MetadataValue]
Filter = Mapping[str, Sequence[str]]  # every key must match, any of its values; compared as text
Metric = Literal["cosine", "l2"]
Mode = Literal["exact", "ann"]
Relation = Literal["eq", "gte"]

METRICS: tuple[Metric, ...] = ("cosine", "l2")
MODES: tuple[Mode, ...] = ("exact", "ann")
UNKNOWN_FINGERPRINT = "unknown"  # of a collection that does not name its model
UNKNOWN_SHA256 = "0" * 64  # of a record whose file was never read
MAX_DEPTH = 10_000  # offset + limit, on every store
MAX_INTEGER = 2**63 - 1  # of metadata; the smallest is -MAX_INTEGER - 1
SCORE_DECIMALS = 6  # that every store rounds a cosine to: scores that are equal then are ties
DEFAULT_CANDIDATES = 200


class StoreUnavailable(RuntimeError):
    """The store cannot be reached or used; the message says what to do."""


class StoreMissing(StoreUnavailable):
    """The collection does not exist yet."""


class ClientNotInstalled(StoreUnavailable):
    """The package that the store's engine is reached with is not installed."""

    def __init__(self, store: str, package: str, extra: str) -> None:
        super().__init__(
            f"The {store} store needs the package {package}, which is not installed:"
            f" run pip install -r requirements.txt, or uv sync --inexact --extra {extra}."
        )


class StoreReadOnly(StoreUnavailable):
    """The collection can be searched but not changed."""


class StoreTimeout(RuntimeError):
    """The store did not answer in time."""


class ModelMismatch(ValueError):
    """The vectors are of one model and the collection is of another."""


class BadRecord(ValueError):
    """No store takes the record: its vector is zero, not finite or of the wrong size, or its metadata is not flat."""


class BadQuery(ValueError):
    """The query vector has the wrong size."""


class ZeroQuery(ValueError):
    """The query vector is zero or not finite: it has no direction."""


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
    """One result of a search: it has a ``score`` under the metric cosine, a ``distance`` under l2."""

    id: str
    file_path: str
    sha256: str
    score: float | None
    distance: float | None
    metadata: Metadata


@dataclass(frozen=True)
class Hits:
    """One page of hits, and how many there are in all."""

    hits: Sequence[Hit]
    total: int
    relation: Relation


@dataclass(frozen=True)
class Search:
    """What a store is asked for. ``threshold`` None lets everything pass; ``offset + limit`` is at most MAX_DEPTH.

    ``candidates`` is how many of the nearest an ann search looks at where the engine has a graph: it returns no more.
    ``exclude`` are ids that are left out of hits and total.
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
    """Return the id of the record at ``file_path`` (relative to the image root, with ``/``): 32 hex digits."""
    return hashlib.sha256(file_path.encode()).hexdigest()[:32]


def as_text(value: MetadataValue) -> str:
    """Return a metadata value as filters compare it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(float(value))  # NumPy's own floats have another repr
    return value if isinstance(value, str) else repr(value)


class Store(ABC):
    """An opened collection of records."""

    fingerprint: str
    metric: Metric
    dim: int
    modes = MODES  # that it can be searched in
    read_only = False

    def check_writable(self) -> None:
        """Raise :class:`StoreReadOnly` for a collection that can be searched only."""
        if self.read_only:
            raise StoreReadOnly("This collection can be searched but not changed.")

    @abstractmethod
    def upsert(self, records: Sequence[Record]) -> None:
        """Insert or replace ``records``; raises :class:`BadRecord` before anything is written.

        When a batch fails in any other way, an engine without transactions may have written a part of it: repeat it.
        """

    @abstractmethod
    def publish(self) -> None:
        """Make what was written before visible to every later search, and wait until it is."""

    @abstractmethod
    def search(self, search: Search) -> Hits:
        """Return the nearest records; raises :class:`BadQuery` or :class:`ZeroQuery`."""

    @abstractmethod
    def get(self, ids: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        """Return the records with these ids, in no particular order; unknown ids are left out."""

    @abstractmethod
    def by_path(self, paths: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        """Return the records at these paths, in no particular order."""

    @abstractmethod
    def by_sha256(self, digests: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        """Return the records whose files have these SHA-256 digests; several may share one."""

    @abstractmethod
    def delete(self, *, ids: Sequence[str] = (), filter: Filter | None = None) -> int:
        """Delete the records with these ids, or all that match ``filter``; return how many there were."""

    @abstractmethod
    def clear(self) -> int:
        """Delete every record, keep the collection; return how many there were."""

    @abstractmethod
    def count(self, filter: Filter | None = None) -> int:
        """Return how many records there are, or match ``filter``."""

    @abstractmethod
    def browse(
        self, *, filter: Filter | None = None, after: str = "", offset: int = 0, limit: int = 10
    ) -> list[Record]:
        """Return up to ``limit`` records that match ``filter``, without vectors, in the order of their ids.

        Ids up to ``after`` and the next ``offset`` records are skipped; ``offset + limit`` is at most MAX_DEPTH.
        """

    @abstractmethod
    def scan(self, *, with_vectors: bool = True) -> Iterator[Record]:
        """Yield every record once, in no particular order, without blocking writers."""

    @abstractmethod
    def ping(self) -> None:
        """Raise :class:`StoreUnavailable` when the store cannot answer."""

    @abstractmethod
    def close(self) -> None:
        """Close connections and files."""

    @abstractmethod
    def details(self) -> dict[str, str | int]:
        """Return what an operator wants to know of the collection: where it is, how large it is."""

    @property
    @abstractmethod
    def stale(self) -> bool:
        """Whether the collection was dropped or replaced and must be opened again; may be a second late."""

    def expect(self, fingerprint: str) -> None:
        """Raise :class:`ModelMismatch` unless this collection holds vectors of ``fingerprint``."""
        if fingerprint != self.fingerprint:
            raise ModelMismatch(
                f"The collection holds vectors of {self.fingerprint}, but this vector is of {fingerprint}:"
                " start the extractor with that model, or index into a collection of its own."
            )
