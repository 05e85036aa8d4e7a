"""The embedded store keeps the contract, and is exact where others may round."""

from pathlib import Path

import numpy as np
import pytest

from search_api.stores.base import Search, Store
from tests.stores.contract import StoreContract
from tests.stores.samples import QUERY, at_cosine, record
from tests.stores.urls import MakeUrl, file_urls


@pytest.fixture
def make_url(tmp_path: Path) -> MakeUrl:
    return file_urls("embedded", tmp_path)


class TestEmbeddedStore(StoreContract):
    """One file on this machine."""

    @pytest.mark.parametrize("cosine", [0.8, 0.6, 0.28, 0.1, -0.6])
    def test_what_is_exactly_at_the_threshold_passes(self, store: Store, cosine: float) -> None:
        store.upsert([record("edge.jpg", at_cosine(cosine)), record("below.jpg", at_cosine(cosine - 1e-5))])
        store.publish()
        found = store.search(Search(QUERY, cosine))
        assert [(hit.file_path, hit.score) for hit in found.hits] == [("edge.jpg", cosine)]
        assert found.total == 1

    def test_what_differs_by_less_than_a_shown_score_is_a_tie_on_every_page(self, store: Store) -> None:
        noise = np.random.default_rng(3).uniform(-4e-4, 4e-4, (100, 3))  # moves a score by less than half a millionth
        records = [record(f"{number}.jpg", [1, *some]) for number, some in enumerate(noise.tolist())]
        store.upsert(records)
        store.publish()
        pages = [store.search(Search(QUERY, offset=offset, limit=7)) for offset in range(0, 100, 7)]
        assert [hit.id for page in pages for hit in page.hits] == sorted(one.id for one in records)
        assert {hit.score for page in pages for hit in page.hits} == {1.0}

    def test_ann_answers_exactly_too(self, store: Store) -> None:
        random = np.random.default_rng(0)
        store.upsert([record(f"{number}.jpg", random.normal(size=4)) for number in range(500)])
        store.publish()
        exact, ann = (
            store.search(Search(QUERY, threshold=0.2, offset=30, limit=50, mode=mode)) for mode in ("exact", "ann")
        )
        assert ann == exact
        assert ann.relation == "eq"

    def test_vectors_of_any_length_are_compared(self, store: Store) -> None:
        lengths = (1e-30, 1e-10, 1.0, 1e10, 1e30)
        store.upsert([record(f"{length}.jpg", at_cosine(0.5, length)) for length in lengths])
        store.publish()
        found = store.search(Search(QUERY * np.float32(1e30), 0.5))
        assert [hit.score for hit in found.hits] == [0.5] * len(lengths)
