"""Contract: the best come first, ties by id, and the threshold decides what counts."""

import numpy as np
import pytest

from search_api.stores import create_store
from search_api.stores.base import BadQuery, Hits, Search, Store, ZeroQuery
from tests.stores.samples import FINGERPRINT, QUERY, at_cosine, digest, record
from tests.stores.urls import MakeUrl

_COSINES = {"same.jpg": 1.0, "near.jpg": 0.8, "far.jpg": 0.25, "across.jpg": 0.0, "away.jpg": -0.6, "against.jpg": -1.0}


def paths(found: Hits) -> list[str]:
    return [hit.file_path for hit in found.hits]


class SearchRules:
    """Scores, distances, thresholds and order, on a few records; see BulkRules for many."""

    def test_the_score_is_the_cosine_and_may_be_negative(self, store: Store) -> None:
        store.upsert([record(path, at_cosine(cosine)) for path, cosine in _COSINES.items()])
        store.publish()
        found = store.search(Search(QUERY))
        assert paths(found) == list(_COSINES)
        assert [hit.score for hit in found.hits] == pytest.approx(list(_COSINES.values()), abs=1e-5)
        assert all(hit.score is not None and -1 <= hit.score <= 1 for hit in found.hits)
        assert {hit.distance for hit in found.hits} == {None}

    def test_a_score_does_not_depend_on_the_lengths_of_the_vectors(self, store: Store) -> None:
        lengths = {"tiny.jpg": 1e-6, "small.jpg": 1e-3, "one.jpg": 1.0, "large.jpg": 1e3, "huge.jpg": 1e6}
        store.upsert([record(path, at_cosine(0.5, length)) for path, length in lengths.items()])
        store.publish()
        for length in (1e-6, 1.0, 1e6):
            found = store.search(Search(QUERY * np.float32(length)))
            assert [hit.score for hit in found.hits] == pytest.approx([0.5] * 5, abs=1e-5)

    def test_a_length_that_is_nearly_one_is_not_taken_for_one(self, store: Store) -> None:
        lengths = [1 + sign * 10.0**-power for power in range(2, 7) for sign in (-1, 1)]
        store.upsert([record(f"{length}.jpg", at_cosine(0.9, length)) for length in lengths])
        store.publish()
        found = store.search(Search(QUERY, limit=20))
        assert [hit.score for hit in found.hits] == pytest.approx([0.9] * len(lengths), abs=2e-6)

    def test_a_hit_carries_its_record(self, store: Store) -> None:
        store.upsert([record("ü/a.jpg", size=3, kind="hat")])
        store.publish()
        (hit,) = store.search(Search(QUERY)).hits
        assert (hit.file_path, hit.sha256) == ("ü/a.jpg", digest("ü/a.jpg"))
        assert hit.metadata == {"size": 3, "kind": "hat"}

    def test_equal_vectors_at_many_places_come_ordered_by_id(self, store: Store) -> None:
        random = np.random.default_rng(1)
        others = [record(f"other {number}.jpg", random.normal(size=4)) for number in range(200)]
        equal = [record(f"equal {number}.jpg", [3, 1, -2, 0.1]) for number in range(200)]
        store.upsert([one for pair in zip(others, equal, strict=True) for one in pair])
        store.publish()
        query = np.array([3, 1, -2, 0.1], np.float32)
        pages = [store.search(Search(query, threshold=0.9999, offset=offset, limit=7)) for offset in range(0, 200, 7)]
        expected = sorted(one.id for one in equal)
        assert [hit.id for page in pages for hit in page.hits][:200] == expected
        assert {page.total for page in pages} == {200}

    def test_a_threshold_lets_pass_what_is_at_or_above_it(self, store: Store) -> None:
        cosines = [1, 0.8, 0.6, 0.28, -0.6, -1]
        store.upsert([record(f"{cosine}.jpg", at_cosine(cosine)) for cosine in cosines])
        store.publish()
        for rank, cosine in enumerate(cosines[1:-1], 1):
            below = store.search(Search(QUERY, cosine - 3e-6))
            assert (paths(below), below.total) == ([f"{one}.jpg" for one in cosines[: rank + 1]], rank + 1)
            above = store.search(Search(QUERY, cosine + 3e-6))
            assert (paths(above), above.total) == ([f"{one}.jpg" for one in cosines[:rank]], rank)

    def test_the_lowest_threshold_and_none_let_everything_pass(self, store: Store) -> None:
        store.upsert([record(path, at_cosine(cosine, 0.1)) for path, cosine in _COSINES.items()])
        store.publish()
        assert store.search(Search(QUERY, -1.0)).total == store.search(Search(QUERY, None)).total == len(_COSINES)

    def test_the_highest_threshold_lets_pass_what_is_equal(self, store: Store) -> None:
        vector = [0.1, 0.7, -0.3, 1e-3]
        store.upsert([record("same.jpg", vector), record("near.jpg", [0.1, 0.7, -0.3, 5e-2])])
        store.publish()
        assert paths(store.search(Search(np.array(vector, np.float32), 1.0))) == ["same.jpg"]

    def test_finding_nothing_is_a_normal_answer(self, store: Store) -> None:
        assert store.search(Search(QUERY)) == Hits([], 0, "eq")
        store.upsert([record("away.jpg", at_cosine(0.1))])
        store.publish()
        assert store.search(Search(QUERY, 0.9)) == Hits([], 0, "eq")

    def test_a_page_past_the_end_is_empty_and_keeps_the_total(self, store: Store) -> None:
        store.upsert([record(f"{number}.jpg") for number in range(5)])
        store.publish()
        pages = [store.search(Search(QUERY, threshold=0.5, offset=offset, limit=2)) for offset in (0, 2, 4, 6, 9_998)]
        assert [len(page.hits) for page in pages] == [2, 2, 1, 0, 0]
        assert {page.total for page in pages} == {5}

    def test_a_query_of_another_size_is_refused(self, store: Store) -> None:
        for size in (1, 3, 5):
            with pytest.raises(BadQuery, match=f"has {size} numbers; .* have 4"):
                store.search(Search(np.ones(size, np.float32)))

    def test_a_query_without_direction_is_refused(self, store: Store) -> None:
        for vector in ([0, 0, 0, 0], [np.nan, 1, 0, 0], [np.inf, 1, 0, 0]):
            with pytest.raises(ZeroQuery):
                store.search(Search(np.array(vector, np.float32)))

    def test_ann_finds_the_nearest_of_a_few(self, store: Store) -> None:
        store.upsert([record(path, at_cosine(cosine)) for path, cosine in _COSINES.items()])
        store.publish()
        found = store.search(Search(QUERY, 0.5, mode="ann"))
        assert paths(found) == ["same.jpg", "near.jpg"]
        assert found.relation in ("eq", "gte")

    def test_what_points_the_other_way_is_found_too(self, make_url: MakeUrl) -> None:
        random = np.random.default_rng(5)
        vectors = np.abs(random.normal(size=(40, 2_048))).astype(np.float32)
        store = create_store(make_url("cosine"), FINGERPRINT, 2_048)
        store.upsert([record(f"{number}.jpg", vector) for number, vector in enumerate(vectors)])
        store.publish()
        for number, vector in enumerate(vectors):
            found = store.search(Search(-vector, threshold=-1.0, limit=40))
            assert (found.total, found.hits[-1].file_path) == (40, f"{number}.jpg")
            assert found.hits[-1].score == pytest.approx(-1.0, abs=1e-5)
        store.close()

    def test_l2_ranks_by_the_squared_distance_of_the_raw_vectors(self, l2_store: Store) -> None:
        far = {"same.jpg": 0.0, "near.jpg": 0.5, "one.jpg": 1.0, "two.jpg": 2.0}
        l2_store.upsert([record(path, [1 + distance, 0, 0, 0]) for path, distance in reversed(far.items())])
        l2_store.publish()
        found = l2_store.search(Search(QUERY))
        assert paths(found) == list(far)
        assert [hit.distance for hit in found.hits] == pytest.approx([0, 0.25, 1, 4], abs=1e-5)
        assert {hit.score for hit in found.hits} == {None}

    def test_l2_lets_pass_what_is_at_or_below_its_threshold(self, l2_store: Store) -> None:
        l2_store.upsert([record(f"{number}.jpg", [1 + number, 0, 0, 0]) for number in range(5)])
        l2_store.publish()
        totals = {largest: l2_store.search(Search(QUERY, largest)).total for largest in (0.0, 1.0, 3.9, 4.0, 9.5, 99.0)}
        assert totals == {0.0: 1, 1.0: 2, 3.9: 2, 4.0: 3, 9.5: 4, 99.0: 5}

    def test_l2_orders_ties_by_id(self, l2_store: Store) -> None:
        around = ([2, 0, 0, 0], [1, 1, 0, 0], [1, 0, -1, 0], [1, 0, 0, 1], [1, -1, 0, 0], [1, 0, 0, -1])
        ring = [record(f"{number}.jpg", vector) for number, vector in enumerate(around)]
        l2_store.upsert(ring)
        l2_store.publish()
        assert [hit.id for hit in l2_store.search(Search(QUERY)).hits] == sorted(one.id for one in ring)
