"""The contract's modules are no test modules by name, but their asserts should explain themselves too."""

import pytest

for _name in (
    "oracle",
    "record_rules",
    "search_rules",
    "filter_rules",
    "reader_rules",
    "bulk_rules",
    "browse_rules",
    "collection_rules",
    "exact_rules",
    "ann_rules",
):
    pytest.register_assert_rewrite(f"tests.stores.{_name}")
