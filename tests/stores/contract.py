"""The contract of a store as tests. A store's test module inherits them and provides URLs for its collections.

It needs one fixture, ``make_url``: each call gives the URL of a collection that does not exist yet, for a metric.
"""

from collections.abc import Iterator

import pytest

from search_api.stores import create_store
from search_api.stores.base import Store
from tests.stores.browse_rules import BrowseRules
from tests.stores.bulk_rules import BulkRules
from tests.stores.collection_rules import CollectionRules
from tests.stores.filter_rules import FilterRules
from tests.stores.reader_rules import ReaderRules
from tests.stores.record_rules import RecordRules
from tests.stores.samples import DIM, FINGERPRINT
from tests.stores.search_rules import SearchRules
from tests.stores.urls import MakeUrl


class StoreContract(RecordRules, SearchRules, FilterRules, ReaderRules, BulkRules, BrowseRules, CollectionRules):
    """What every store keeps."""

    @pytest.fixture
    def url(self, make_url: MakeUrl) -> str:
        return make_url("cosine")

    @pytest.fixture
    def store(self, url: str) -> Iterator[Store]:
        """A created, empty collection of metric cosine."""
        store = create_store(url, FINGERPRINT, DIM)
        yield store
        store.close()

    @pytest.fixture
    def l2_store(self, make_url: MakeUrl) -> Iterator[Store]:
        """A created, empty collection of metric l2."""
        store = create_store(make_url("l2"), FINGERPRINT, DIM)
        yield store
        store.close()
