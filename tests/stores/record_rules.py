"""Contract: what is written is kept as it is, once, whole or not at all."""

from dataclasses import replace

import numpy as np

from search_api.stores.base import BadRecord, Store, image_id
from tests.answers import assert_sentence
from tests.stores.samples import DIM, FINGERPRINT, digest, record
from tests.stores.spoilt import SPOILT_PATHS, SPOILT_RECORDS


class RecordRules:
    """Writing, reading back, deleting."""

    def test_a_record_comes_back_as_it_was_written(self, store: Store) -> None:
        written = record("Größe/日本/🙂 a'b\"c.jpg", [0.1, -2, 3e-8, 4e8], text="ü'\"", whole=3, number=0.5, flag=True)
        store.upsert([written])
        (read,) = store.get([written.id], with_vectors=True)
        assert replace(read, vector=None) == replace(written, vector=None)
        assert [type(value) for value in read.metadata.values()] == [str, int, float, bool]
        assert read.vector is not None
        assert read.vector.dtype == np.float32
        assert np.array_equal(read.vector, np.array([0.1, -2, 3e-8, 4e8], np.float32))

    def test_vectors_are_read_only_when_asked_for(self, store: Store) -> None:
        one = record("a.jpg")
        store.upsert([one])
        found = [*store.get([one.id]), *store.by_path(["a.jpg"]), *store.by_sha256([one.sha256])]
        assert [read.vector for read in found] == [None, None, None]
        vectors = [
            *store.by_path(["a.jpg"], with_vectors=True),
            *store.by_sha256([one.sha256], with_vectors=True),
        ]
        assert all(read.vector is not None and read.vector.tolist() == [1, 0, 0, 0] for read in vectors)
        assert len(vectors) == 2

    def test_a_path_that_is_written_again_is_replaced_and_never_doubled(self, store: Store) -> None:
        store.upsert([record("a.jpg", [1, 0, 0, 0], old="yes"), record("b.jpg")])
        store.upsert([replace(record("a.jpg", [0, 1, 0, 0], new="yes"), sha256=digest("changed"))])
        (read,) = store.by_path(["a.jpg"], with_vectors=True)
        assert store.count() == 2
        assert (read.sha256, dict(read.metadata)) == (digest("changed"), {"new": "yes"})
        assert read.vector is not None
        assert read.vector.tolist() == [0, 1, 0, 0]
        assert store.by_sha256([digest("a.jpg")]) == []

    def test_of_a_path_that_comes_twice_in_one_batch_the_last_counts(self, store: Store) -> None:
        store.upsert([record("a.jpg", turn=1), record("b.jpg"), record("a.jpg", turn=2)])
        assert store.count() == 2
        assert store.by_path(["a.jpg"])[0].metadata == {"turn": 2}

    def test_an_empty_batch_changes_nothing(self, store: Store) -> None:
        store.upsert([])
        store.publish()
        assert store.count() == 0

    def test_a_spoilt_record_or_path_refuses_its_whole_batch(self, store: Store) -> None:
        store.upsert([record("old.jpg", version=1)])
        taken = []
        for name, spoilt in {**SPOILT_RECORDS, **SPOILT_PATHS}.items():
            try:
                store.upsert([record("old.jpg", version=2), record("new.jpg"), spoilt, record("last.jpg")])
            except BadRecord as error:
                assert_sentence(str(error))
            else:
                taken.append(name)
        assert taken == []
        assert [(read.file_path, dict(read.metadata)) for read in store.scan()] == [("old.jpg", {"version": 1})]

    def test_unknown_ids_paths_and_contents_are_left_out(self, store: Store) -> None:
        store.upsert([record("a.jpg")])
        assert store.get([image_id("b.jpg"), "", "no id at all"]) == []
        assert store.by_path(["b.jpg", "A.JPG", ""]) == []
        assert store.by_sha256([digest("b.jpg"), ""]) == []
        assert store.get([]) == store.by_path([]) == store.by_sha256([]) == []

    def test_thousands_are_read_at_once(self, store: Store) -> None:
        records = [record(f"{number}.jpg") for number in range(3_000)]
        store.upsert(records)
        assert len(store.get([one.id for one in records])) == 3_000
        assert len(store.by_path([one.file_path for one in records])) == 3_000
        assert len(store.by_sha256([one.sha256 for one in records])) == 3_000

    def test_equal_contents_are_all_found(self, store: Store) -> None:
        same = [replace(record(path), sha256=digest("same")) for path in ("a.jpg", "b/a.jpg", "c.jpg")]
        store.upsert([*same, record("other.jpg")])
        assert {read.file_path for read in store.by_sha256([digest("same")])} == {"a.jpg", "b/a.jpg", "c.jpg"}

    def test_deleting_by_id_says_how_many_there_were(self, store: Store) -> None:
        store.upsert([record("a.jpg"), record("b.jpg"), record("c.jpg")])
        assert store.delete(ids=[image_id("a.jpg"), image_id("c.jpg"), image_id("unknown.jpg")]) == 2
        assert store.delete(ids=[image_id("a.jpg")]) == 0
        assert store.delete() == 0
        assert [read.file_path for read in store.scan()] == ["b.jpg"]

    def test_deleting_by_filter_says_how_many_there_were(self, store: Store) -> None:
        store.upsert([record("a.jpg", kind="x", size=1), record("b.jpg", kind="x", size=2), record("c.jpg", size=1)])
        assert store.delete(filter={"kind": ["x"], "size": ["1", "3"]}) == 1
        assert {read.file_path for read in store.scan()} == {"b.jpg", "c.jpg"}
        assert store.delete(filter={"kind": ["y"]}) == 0

    def test_clearing_leaves_an_empty_collection_of_the_same_model(self, store: Store) -> None:
        store.upsert([record("a.jpg"), record("b.jpg")])
        store.publish()
        assert store.clear() == 2
        assert (store.count(), list(store.scan()), store.clear()) == (0, [], 0)
        assert (store.fingerprint, store.dim) == (FINGERPRINT, DIM)
        store.upsert([record("a.jpg")])
        assert store.count() == 1

    def test_a_scan_gives_every_record_once(self, store: Store) -> None:
        records = {f"{number}.jpg": record(f"{number}.jpg", [1, number, 0, 0]) for number in range(2_500)}
        store.upsert(list(records.values()))
        scanned = {read.file_path: read for read in store.scan()}
        assert len(scanned) == len(list(store.scan(with_vectors=False))) == 2_500
        for path, written in records.items():
            assert np.array_equal(scanned[path].vector, written.vector)  # type: ignore[arg-type]
        assert {read.vector for read in store.scan(with_vectors=False)} == {None}

    def test_a_scan_gives_every_record_once_while_others_write(self, store: Store) -> None:
        paths = [f"{number}.jpg" for number in range(3_000)]
        store.upsert([record(path) for path in paths])
        scanned = []
        for read in store.scan():
            scanned.append(read.file_path)
            if len(scanned) % 500 == 1:  # one behind the scan, one before it, one new
                turn = len(scanned) % 3_000
                store.upsert([record(paths[turn // 2]), record(paths[-turn]), record(f"new {turn}.jpg")])
            assert len(scanned) < 4_000, "a scan ends, however much is written meanwhile"
        assert sorted(path for path in scanned if not path.startswith("new")) == sorted(paths)
        assert len(set(scanned)) == len(scanned)
