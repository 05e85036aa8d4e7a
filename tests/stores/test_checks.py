"""The checks that every store makes before it writes or searches."""

import numpy as np
import pytest

from search_api.stores.base import BadQuery, BadRecord, Metadata, Record, ZeroQuery
from search_api.stores.checks import check_lengths, check_query, check_records
from tests.stores.samples import DIM, QUERY, record
from tests.stores.spoilt import SPOILT_PATHS, SPOILT_RECORDS


@pytest.mark.parametrize("spoilt", SPOILT_RECORDS.values(), ids=SPOILT_RECORDS)
def test_a_spoilt_record_is_refused_by_its_path_wherever_it_stands(spoilt: Record) -> None:
    good = [record("a.jpg"), record("b.jpg")]
    for batch in ([spoilt], [spoilt, *good], [*good, spoilt]):
        with pytest.raises(BadRecord, match=r"^spoilt\.jpg: .*\.$"):
            check_records(batch, DIM)


@pytest.mark.parametrize("spoilt", SPOILT_PATHS.values(), ids=SPOILT_PATHS)
def test_a_path_that_could_lead_elsewhere_is_refused(spoilt: Record) -> None:
    with pytest.raises(BadRecord, match=r"relative to the image root.*\.$"):
        check_records([record("good.jpg"), spoilt], DIM)


def test_good_records_are_returned_as_rows() -> None:
    metadata: Metadata = {"text": "ü", "large": 2**63 - 1, "small": -(2**63), "number": 0.5, "true": True, "empty": ""}
    records = [record("Größe/日本 🙂..jpg", [1e-30, 0, 0, 0], **metadata), record("...", [3e38, -3e38, 0, 1])]
    rows = check_records(records, DIM)
    assert rows.dtype == np.float32
    assert np.array_equal(rows, np.array([one.vector for one in records]))
    assert check_records([], DIM).shape == (0, DIM)


def test_a_length_that_a_server_cannot_compute_with_is_refused() -> None:
    for length, refused in {1e-16: True, 1e-14: False, 1.0: False, 1e14: False, 1e16: True}.items():
        records = [record("good.jpg"), record("odd.jpg", [length, 0, 0, 0])]
        rows = check_records(records, DIM)
        if not refused:
            check_lengths(records, rows, "Toy")
            continue
        with pytest.raises(BadRecord, match=r"^odd\.jpg: its vector is too short or too long for Toy\.$"):
            check_lengths(records, rows, "Toy")


def test_a_query_has_the_collections_size_and_a_direction() -> None:
    check_query(QUERY, DIM)
    for size in (0, 1, DIM - 1, DIM + 1):
        with pytest.raises(BadQuery, match=rf"vector has {size} numbers; .* have {DIM}\.$"):
            check_query(np.ones(size, np.float32), DIM)
    for vector in ([0, 0, 0, 0], [np.nan, 1, 0, 0], [np.inf, 1, 0, 0]):
        with pytest.raises(ZeroQuery, match=r"\.$"):
            check_query(np.array(vector, np.float32), DIM)
