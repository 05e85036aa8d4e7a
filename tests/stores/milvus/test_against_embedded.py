"""Exact searches give what the embedded store gives, whatever Milvus' limit of 16,384 hits."""

import secrets
from pathlib import Path

from search_api.stores import drop_store
from search_api.stores.base import MAX_DEPTH, Search, Store
from search_api.stores.milvus.ranking import MAX_HITS
from tests.stores.comparing import Couple, filled, records, vector_of
from tests.stores.exact_rules import ExactRules, queries
from tests.stores.samples import FINGERPRINT, QUERY, at_cosine, record


class TestMilvusAgainstEmbedded(ExactRules):
    """Beyond the rules: totals that one search of Milvus cannot give."""

    def test_totals_of_more_than_one_search_may_give_are_the_same(self, couple: Couple) -> None:
        low = (-1.0, -0.6, -0.4, -0.3) if couple.metric == "cosine" else (300.0, 600.0, 900.0, 1e6)
        for query in queries(4, seed=36):
            pages = [couple.compare(Search(query, threshold, 9_000, 1_000)) for threshold in low]
            assert max(page.total for page in pages) > MAX_HITS
            without = [one.id for one in records()[:700]]
            assert couple.theirs.search(
                Search(query, low[0 if couple.metric == "cosine" else 3], exclude=without)
            ).total == (len(records()) - 700)

    def test_ann_is_answered_exactly_without_a_graph(self, couple: Couple) -> None:
        search = Search(vector_of(3), None, 20, 50)
        exact, ann = couple.theirs.search(search), couple.theirs.search(Search(vector_of(3), None, 20, 50, mode="ann"))
        assert (ann.hits, ann.relation) == (exact.hits, "eq")


def test_more_ties_than_one_search_may_give_are_counted_and_ordered(milvus: str) -> None:
    url = f"milvus://{milvus}/ties_{secrets.token_hex(4)}"
    equal = [record(f"{number}.jpg", at_cosine(0.5)) for number in range(MAX_HITS + 2_000)]
    store = filled(url, [*equal, record("best.jpg"), record("worst.jpg", at_cosine(-1))])
    _check_ties(store, [one.id for one in equal])
    store.close()
    drop_store(url)


def test_a_file_counts_and_orders_as_many(tmp_path: Path) -> None:
    equal = [record(f"{number}.jpg", at_cosine(0.5)) for number in range(MAX_HITS + 2_000)]
    store = filled(f"milvus://{tmp_path}/images.db", [*equal, record("best.jpg"), record("worst.jpg", at_cosine(-1))])
    assert store.fingerprint == FINGERPRINT
    _check_ties(store, [one.id for one in equal])
    store.close()


def _check_ties(store: Store, ids: list[str]) -> None:
    ordered = sorted(ids)
    for offset in (0, 5_000, MAX_DEPTH - 100):
        found = store.search(Search(QUERY, 0.4, offset, 100))
        assert found.total == len(ids) + 1
        assert [hit.id for hit in found.hits if hit.file_path != "best.jpg"] == ordered[
            max(0, offset - 1) : offset + 99
        ]
    assert store.search(Search(QUERY, None)).total == len(ids) + 2
