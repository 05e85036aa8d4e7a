"""A whole collection in one Parquet file: vectors, metadata and fingerprint, exactly as stored."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from search_api.stores.base import METRICS, Metric, Record, Store
from search_api.transfer.copy import in_chunks

_ROWS = 1_000
_HEADER = b"image_search"


class BadArchive(ValueError):
    """The file is not an archive of this program."""


@dataclass(frozen=True)
class Header:
    """What all records of an archive have in common."""

    fingerprint: str
    metric: Metric
    dim: int


def export(store: Store, path: Path, on_progress: Callable[[int], object]) -> int:
    """Write every record of ``store`` to ``path``, whole or not at all; return how many.

    ``on_progress`` is called with the number of each chunk. Raises StoreReadOnly for an index of the published script.
    """
    store.check_writable()  # what can only be searched has no fingerprint to write down
    header = {"fingerprint": store.fingerprint, "metric": store.metric, "dim": store.dim}
    schema = _schema(store.dim).with_metadata({_HEADER: json.dumps(header)})
    draft, count = path.with_name(f".{path.name}.part"), 0
    try:
        with pq.ParquetWriter(draft, schema, compression="zstd") as writer:
            for records in in_chunks(store.scan()):
                writer.write_table(_table(records, schema))
                count += len(records)
                on_progress(len(records))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return count


def read_header(path: Path) -> Header:
    """Return what the records of the archive at ``path`` have in common; raises :class:`BadArchive`."""
    try:
        values = json.loads((pq.read_schema(path).metadata or {})[_HEADER])
        fingerprint, metric, dim = str(values["fingerprint"]), values["metric"], int(values["dim"])
    except (pa.ArrowInvalid, KeyError, ValueError, TypeError):
        raise BadArchive(f"{path} is not an archive that python -m scripts.index export has written.") from None
    if metric not in METRICS:
        raise BadArchive(f"{path} names the metric {metric!r}, which is not known here.")
    return Header(fingerprint, cast(Metric, metric), dim)


def read_records(path: Path) -> Iterator[Record]:
    """Yield every record of the archive; raises :class:`BadArchive` where it is damaged."""
    count = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_ROWS):
                records = [_record(row) for row in batch.to_pylist()]
                yield from records
                count += len(records)
    except (pa.ArrowException, KeyError, TypeError, json.JSONDecodeError) as error:
        raise BadArchive(f"{path} is damaged after {count} images ({error}).") from error


def count_records(path: Path) -> int:
    """Return how many records the archive holds."""
    return int(pq.read_metadata(path).num_rows)


def _schema(dim: int) -> Any:
    texts = [pa.field(name, pa.string(), nullable=False) for name in ("id", "file_path", "sha256", "metadata")]
    return pa.schema([*texts, pa.field("vector", pa.list_(pa.float32(), dim), nullable=False)])


def _table(records: list[Record], schema: Any) -> Any:
    numbers = pa.array(np.concatenate([record.vector for record in records if record.vector is not None]))
    columns = [
        pa.array([record.id for record in records]),
        pa.array([record.file_path for record in records]),
        pa.array([record.sha256 for record in records]),
        pa.array([json.dumps(dict(record.metadata), ensure_ascii=False) for record in records]),
        pa.FixedSizeListArray.from_arrays(numbers, len(numbers) // len(records)),
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _record(row: dict[str, Any]) -> Record:
    vector = np.array(row["vector"], np.float32)
    return Record(row["id"], row["file_path"], row["sha256"], vector, json.loads(row["metadata"]))
