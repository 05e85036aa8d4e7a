"""Indices that are not a collection, or one of ours that was rebuilt by hand: refused at opening, with a sentence."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pytest

from search_api.stores import create_store, drop_store, open_store
from search_api.stores.base import StoreUnavailable
from search_api.stores.elastic.query_dsl import index_definition
from tests.stores.elastic.raw import Raw, parsed
from tests.stores.refusals import refusal
from tests.stores.samples import DIM, FINGERPRINT

_VECTOR = {"type": "dense_vector", "dims": 4}
_STRANGERS: Mapping[str, dict[str, Any]] = {
    "nothing at all": {},
    "no vector": {"file_path": {"type": "keyword"}},
    "numbers": {"file_path": {"type": "keyword"}, "feature_vector": {"type": "float"}},
    "a vector nobody wrote yet": {"file_path": {"type": "keyword"}, "feature_vector": {"type": "dense_vector"}},
    "another name": {"file_path": {"type": "keyword"}, "vector": _VECTOR},
    "no path": {"feature_vector": _VECTOR},
    "a path in words": {"feature_vector": _VECTOR, "file_path": {"type": "text"}},
}
_HNSW = {"type": "hnsw", "m": 16, "ef_construction": 100}
_OURS: Mapping[str, tuple[dict[str, Any], str]] = {
    "quantised": ({"feature_vector": {"index_options": {**_HNSW, "type": "int8_hnsw"}}}, "index_options"),
    "flat": ({"feature_vector": {"index_options": {"type": "flat"}}}, "index_options"),
    "another similarity": ({"feature_vector": {"similarity": "dot_product"}}, "similarity"),
    "bytes": ({"feature_vector": {"element_type": "byte"}}, "index_options"),
    "metadata in words": ({"metadata": {"type": "text"}}, "metadata"),
    "a digest in words": ({"sha256": {"type": "text"}, "id": {"type": "text"}}, "id, sha256"),
}


@pytest.mark.parametrize("properties", _STRANGERS.values(), ids=_STRANGERS)
def test_an_index_of_something_else_is_said_not_to_be_a_collection_of_images(
    raw: Raw, url: str, name: str, properties: dict[str, Any]
) -> None:
    raw.ask("PUT", name, {"mappings": {"properties": properties}})
    for use in (partial(open_store, url), partial(create_store, url, FINGERPRINT, DIM)):
        refusal(use, "is not a collection of images .*feature_vector of type dense_vector")
    with pytest.raises(StoreUnavailable):
        drop_store(url)
    assert raw.indices(name) == [name]


@pytest.mark.parametrize(("changes", "words"), _OURS.values(), ids=_OURS)
def test_one_of_ours_that_was_rebuilt_otherwise_is_refused(
    raw: Raw, url: str, name: str, changes: dict[str, Any], words: str
) -> None:
    definition = index_definition(parsed(url), FINGERPRINT, DIM, (8, 16))
    for field, change in changes.items():
        definition["mappings"]["properties"][field] |= change
    raw.ask("PUT", f"{name}.rebuilt", {**definition, "aliases": {name: {}}})
    for use in (partial(open_store, url), partial(create_store, url, FINGERPRINT, DIM)):
        refusal(use, f"is not as it was created .*{words} differ")
    drop_store(url)
    assert raw.indices(name) == []


def test_notes_of_another_metric_are_refused(raw: Raw, url: str, name: str) -> None:
    definition = index_definition(parsed(url), FINGERPRINT, DIM, (8, 16))
    definition["mappings"]["_meta"]["image_search"]["metric"] = "dot"
    raw.ask("PUT", f"{name}.rebuilt", {**definition, "aliases": {name: {}}})
    refusal(partial(open_store, url), "is not as it was created .*similarity differ")


def test_a_name_of_several_indices_is_refused(raw: Raw, url: str, name: str) -> None:
    properties = {"file_path": {"type": "keyword"}, "feature_vector": _VECTOR}
    for number in range(2):
        raw.ask("PUT", f"{name}-{number}", {"mappings": {"properties": properties}, "aliases": {name: {}}})
    refusal(partial(open_store, url), f"leads to several indices .*{name}-0, {name}-1")
    with pytest.raises(StoreUnavailable):
        drop_store(url)
    assert len(raw.indices(name)) == 2
