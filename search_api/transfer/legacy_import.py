"""Importing an index that the published script made: its records get what such an index lacks.

That is a path relative to the image root, the id that follows from it, the SHA-256 of the file, and a model. Nothing in
the index says which model its vectors are of, so some of its files are embedded again and compared.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath

import numpy as np

from search_api.embedding.extraction import Embed
from search_api.images.metadata import file_metadata
from search_api.ingest.files import Failure
from search_api.stores.base import UNKNOWN_SHA256, Record, Store, Vector, image_id
from wire.extraction import Rejected

_COMPARED = 8
_MIN_COSINE = 0.99  # another decoder or precision stays above it, another model or colour order far below


class OtherModel(ValueError):
    """The vectors are not those that the extractor computes from the same files, or none can be compared."""


@dataclass
class LegacyImport:
    """An import: paths begin with ``prefix`` in the index, which is the folder ``root`` now."""

    root: Path
    prefix: str
    failures: list[Failure] = field(default_factory=list)

    def records(self, index: Store) -> Iterator[Record]:
        """Yield the records of ``index`` as ours; those that cannot be imported are noted in ``failures``."""
        for record in index.scan():
            path = _relative(record.file_path, self.prefix)
            if path is None:
                detail = f"Its path does not begin with {self.prefix}: say what to strip with --strip."
                self.failures.append(Failure(record.file_path, "bad_parameter", detail))
            elif record.vector is None or not np.isfinite(record.vector).all() or not record.vector.any():
                self.failures.append(Failure(path, "no_features", "Its vector is missing, zero or not finite."))
            else:
                yield self._imported(path, record.vector)

    def _imported(self, path: str, vector: Vector) -> Record:
        data = self._bytes(path)
        digest = UNKNOWN_SHA256 if data is None else hashlib.sha256(data).hexdigest()
        return Record(image_id(path), path, digest, vector, file_metadata(path, len(data or b"")))

    def _bytes(self, path: str) -> bytes | None:
        try:
            return (self.root / path).read_bytes()
        except OSError:
            return None

    def check_model(self, index: Store, embed: Embed) -> None:
        """Raise :class:`OtherModel` unless ``embed`` gives a few files the vectors that ``index`` has of them."""
        pairs = list(self._samples(index))
        if not pairs:
            raise OtherModel(
                f"None of the indexed files is below {self.root}, so the vectors cannot be compared with the model's:"
                " give the right --root and --strip, or --unverified."
            )
        extraction = embed([data for data, _ in pairs])
        cosines = [
            _cosine(item, vector)
            for item, (_, vector) in zip(extraction.items, pairs, strict=True)
            if not isinstance(item, Rejected)
        ]
        if not cosines or np.median(cosines) < _MIN_COSINE:
            raise OtherModel(
                f"The index was not made by {extraction.fingerprint}: its vectors of {len(pairs)} files differ from"
                f" the model's (median cosine {np.median(cosines or [0]):.3f}). Start the extractor with the model and"
                " preprocessing of that time; the published service's is EXTRACTOR_PREPROCESSING=legacy."
            )

    def _samples(self, index: Store) -> Iterator[tuple[bytes, Vector]]:
        taken = 0
        for record in index.scan():
            path = _relative(record.file_path, self.prefix)
            data = None if path is None else self._bytes(path)
            if data is not None and record.vector is not None:
                yield data, record.vector
                taken += 1
            if taken == _COMPARED:
                return


def check_dim(index: Store, dim: int) -> None:
    """Raise :class:`OtherModel` unless ``dim``, of the extractor's model, is that of ``index``."""
    if dim != index.dim:
        raise OtherModel(f"The index has vectors of {index.dim} numbers, the extractor's model gives {dim}.")


def _relative(path: str, prefix: str) -> str | None:
    """Return ``path`` without ``prefix``, with ``/``; None when it begins otherwise."""
    path, prefix = _with_slashes(path), _with_slashes(prefix).rstrip("/")
    if path.startswith(f"{prefix}/"):
        path = path[len(prefix) + 1 :]
    elif path.startswith("/") or PureWindowsPath(path).drive:
        return None
    parts = [part for part in path.split("/") if part not in ("", ".")]
    return None if ".." in parts or "\0" in path else "/".join(parts) or None


def _with_slashes(path: str) -> str:
    return path.replace("\\", "/") if PureWindowsPath(path).drive or "/" not in path else path


def _cosine(one: Vector, other: Vector) -> float:
    if one.shape != other.shape:
        return 0.0
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other) or 1.0))
