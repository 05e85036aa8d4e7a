"""Contract: records are listed by id in parts that fit together, counted by filter, and left out of a search by id."""

from dataclasses import replace

from search_api.stores import create_store, open_store
from search_api.stores.base import MAX_DEPTH, Record, Search, Store, image_id
from tests.stores.oracle import Oracle
from tests.stores.samples import DIM, FINGERPRINT, QUERY, at_cosine, crowd, record
from tests.stores.urls import MakeUrl


def filled(store: Store, count: int = 60) -> list[Record]:
    """Write ``count`` records; return them as they are listed."""
    records = [record(f"{n}.jpg", at_cosine(1 - n / count), kind=f"k{n % 3}", even=n % 2 == 0) for n in range(count)]
    store.upsert(records)
    store.publish()
    return sorted((replace(one, vector=None) for one in records), key=lambda one: one.id)


class BrowseRules:
    """Listing, counting, leaving out."""

    def test_records_are_listed_by_id_without_their_vectors(self, store: Store) -> None:
        records = filled(store)
        assert store.browse(limit=100) == records
        assert store.browse() == records[:10]

    def test_an_offset_and_a_limit_cut_out_a_part(self, store: Store) -> None:
        records = filled(store)
        parts = [store.browse(offset=offset, limit=7) for offset in range(0, 63, 7)]
        assert [one for part in parts for one in part] == records
        assert store.browse(offset=59, limit=10) == records[59:]
        assert store.browse(offset=60, limit=10) == store.browse(offset=MAX_DEPTH - 1, limit=1) == []

    def test_a_list_goes_on_after_an_id_whether_it_is_there_or_not(self, store: Store) -> None:
        records = filled(store)
        listed: list[Record] = []
        while part := store.browse(after=listed[-1].id if listed else "", limit=7):
            listed += part
        assert listed == records
        store.delete(ids=[records[20].id])
        assert store.browse(after=records[20].id, limit=5) == records[21:26]
        assert store.browse(after=records[20].id, offset=5, limit=5) == records[26:31]
        assert store.browse(after="8", limit=100) == [one for one in records if one.id > "8"]
        assert store.browse(after="g") == store.browse(after=records[-1].id) == []

    def test_odd_texts_to_go_on_after_mean_only_themselves(self, store: Store) -> None:
        records = filled(store, 5)
        for odd in ("'", '"', "\\", '" or id != "', " ", "\n", "!"):
            assert store.browse(after=odd) == [one for one in records if one.id > odd]

    def test_a_filter_confines_a_list(self, store: Store) -> None:
        wanted = [one for one in filled(store) if one.metadata["kind"] in ("k0", "k2") and one.metadata["even"]]
        confined = {"kind": ["k0", "k2", "k9"], "even": ["true"]}
        assert store.browse(filter=confined, limit=100) == wanted
        assert store.browse(filter=confined, offset=3, limit=4) == wanted[3:7]
        assert store.browse(filter=confined, after=wanted[4].id, offset=1, limit=4) == wanted[6:10]
        assert store.browse(filter={"kind": []}) == store.browse(filter={"none": ["k0"]}) == []
        assert store.browse(filter={}, limit=100) == store.browse(limit=100)

    def test_a_list_and_a_count_show_ones_own_writes(self, store: Store) -> None:
        filled(store, 10)
        store.upsert([record("new.jpg", kind="new"), record("3.jpg", kind="new")])
        store.delete(ids=[image_id("4.jpg")])
        assert {one.file_path for one in store.browse(filter={"kind": ["new"]})} == {"new.jpg", "3.jpg"}
        assert len(store.browse(limit=100)) == store.count() == 10
        assert store.count({"kind": ["new"]}) == 2

    def test_another_handle_lists_and_counts_what_was_published(self, store: Store, url: str) -> None:
        records = filled(store)
        reader = open_store(url)
        assert reader.browse(limit=100) == records
        assert reader.count({"kind": ["k1"]}) == 20
        reader.close()

    def test_a_count_may_have_a_filter(self, store: Store) -> None:
        assert store.count() == store.count({"kind": ["k0"]}) == 0
        filled(store)
        assert (store.count(), store.count({}), store.count(None)) == (60, 60, 60)
        assert store.count({"kind": ["k0"]}) == 20
        assert store.count({"kind": ["k0", "k1"], "even": ["true"]}) == 20
        assert store.count({"kind": []}) == store.count({"none": [""]}) == 0

    def test_excluded_ids_are_left_out_of_hits_and_total(self, store: Store) -> None:
        filled(store)
        left_out = ["0.jpg", "1.jpg", "5.jpg", "59.jpg"]
        found = store.search(Search(QUERY, limit=5, exclude=[image_id(path) for path in left_out]))
        assert [hit.file_path for hit in found.hits] == ["2.jpg", "3.jpg", "4.jpg", "6.jpg", "7.jpg"]
        assert (found.total, found.relation) == (56, "eq")
        above = store.search(
            Search(QUERY, threshold=0.89, offset=1, limit=5, exclude=[image_id(path) for path in left_out])
        )
        assert [hit.file_path for hit in above.hits] == ["3.jpg", "4.jpg", "6.jpg"]
        assert above.total == 4

    def test_excluding_goes_with_a_filter_and_with_ids_that_are_not_there(self, store: Store) -> None:
        filled(store)
        unknown = [image_id("unknown.jpg"), "", "no id", "'", '"', image_id("3.jpg") + "\0", image_id("3.jpg").upper()]
        search = Search(
            QUERY, limit=100, filter={"kind": ["k0"]}, exclude=[image_id("0.jpg"), image_id("1.jpg"), *unknown]
        )
        found = store.search(search)
        assert [hit.file_path for hit in found.hits] == [f"{n}.jpg" for n in range(3, 60, 3)]
        assert found.total == 19
        ann = store.search(replace(search, mode="ann"))
        assert [hit.id for hit in ann.hits] == [hit.id for hit in found.hits]

    def test_everything_may_be_excluded(self, store: Store) -> None:
        records = filled(store, 10)
        found = store.search(Search(QUERY, limit=5, exclude=[one.id for one in records] * 2))
        assert (list(found.hits), found.total) == ([], 0)

    def test_with_hundreds_excluded_pages_and_totals_are_those_of_brute_force(self, make_url: MakeUrl) -> None:
        records = crowd(3_000, DIM, seed=17)
        store = create_store(make_url("cosine"), FINGERPRINT, DIM)
        store.upsert(records)
        store.publish()
        oracle, excluded = Oracle(records[400:], "cosine"), [one.id for one in records[:400]]
        query = records[0].vector
        assert query is not None
        for threshold, offset in ((None, 0), (None, 2_500), (0.3, 20), (0.99, 0)):
            wanted = {"folder": ["1", "2"]} if offset == 20 else {}
            oracle.check(
                store, Search(query, threshold=threshold, offset=offset, limit=200, filter=wanted, exclude=excluded)
            )
        store.close()
