"""Contract: a filter confines a search; all keys must match, any of the values, compared as text."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from search_api.stores.base import Metadata, Search, Store, image_id
from tests.stores.samples import QUERY, at_cosine, record

_ODD = ["", " ", "'", '"', "\\", "a'b\"c\\d", "%", "_", "*?", "[x]", "{y}", "a,b", "a;--", "a\nb\tc", "null"]
_ODD += ["ü", "日本", "🙂"]


def odd_name(odd: str) -> str:
    """Return a path for the record that has ``odd`` in its metadata."""
    return f"{_ODD.index(odd)}.jpg"


def found(store: Store, filter: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the paths of the hits of a filtered search, whose total says the same."""
    hits = store.search(Search(QUERY, limit=100, filter=filter))
    assert hits.total == len(hits.hits)
    return sorted(hit.file_path for hit in hits.hits)


class FilterRules:
    """What matches a filter and what does not."""

    def test_any_of_the_values_matches(self, store: Store) -> None:
        store.upsert([record(kind, kind=kind) for kind in ("hat", "shoe", "shirt")])
        store.publish()
        assert found(store, {"kind": ["hat"]}) == ["hat"]
        assert found(store, {"kind": ["hat", "shoe", "unknown"]}) == ["hat", "shoe"]
        assert found(store, {"kind": []}) == []

    def test_all_keys_must_match(self, store: Store) -> None:
        store.upsert([record("1", a="x", b="x"), record("2", a="x", b="y"), record("3", a="y", b="x")])
        store.publish()
        assert found(store, {"a": ["x"], "b": ["x"]}) == ["1"]
        assert found(store, {"a": ["x", "y"], "b": ["x"]}) == ["1", "3"]
        assert found(store, {"a": ["y"], "b": ["y"]}) == []

    def test_a_record_without_the_key_does_not_match(self, store: Store) -> None:
        store.upsert([record("with", a="x"), record("without"), record("other", b="x")])
        store.publish()
        assert found(store, {"a": ["x"]}) == ["with"]
        assert found(store, {"c": ["x", ""]}) == []

    def test_values_are_compared_whole_and_with_their_case(self, store: Store) -> None:
        store.upsert([record("hat", kind="hat"), record("Hat", kind="Hat"), record("hats", kind="hats")])
        store.publish()
        assert found(store, {"kind": ["hat"]}) == ["hat"]
        assert found(store, {"KIND": ["hat"]}) == []

    def test_numbers_and_booleans_are_compared_as_text(self, store: Store) -> None:
        values: Metadata = {"whole": 7, "number": 0.5, "big": 10**15, "true": True, "false": False, "text": "7.0"}
        values = {**values, "small": 1e-05, "smaller": 3.5e-07, "large": 1e20, "negative": -0.0}
        store.upsert([record(name, value=value) for name, value in values.items()])
        store.publish()
        texts = {"whole": "7", "number": "0.5", "big": "1000000000000000", "true": "true", "false": "false"}
        texts |= {"small": "1e-05", "smaller": "3.5e-07", "large": "1e+20", "negative": "-0.0"}
        for name, text in texts.items():
            assert found(store, {"value": [text]}) == [name]
        assert found(store, {"value": ["True", "1", "0", ".5"]}) == []

    def test_odd_characters_in_values_mean_only_themselves(self, store: Store) -> None:
        store.upsert([record(odd_name(odd), value=odd) for odd in _ODD] + [record("plain", value="x")])
        store.publish()
        wrong = {odd: hits for odd in _ODD if (hits := found(store, {"value": [odd]})) != [odd_name(odd)]}
        assert wrong == {}

    def test_odd_characters_in_keys_mean_only_themselves(self, store: Store) -> None:
        keys = [odd for odd in _ODD if odd.strip()]
        store.upsert([replace(record(odd_name(odd)), metadata={odd: "x"}) for odd in keys])
        store.upsert([record("plain", key="x"), record("none")])
        store.publish()
        wrong = {odd: hits for odd in keys if (hits := found(store, {odd: ["x"]})) != [odd_name(odd)]}
        assert wrong == {}

    def test_a_text_with_a_nul_does_not_match_what_it_begins_with(self, store: Store) -> None:
        store.upsert([record("a", kind="hat"), record("b", kind="")])
        store.publish()
        assert found(store, {"kind": ["hat\0", "\0"]}) == []
        assert store.get([image_id("a") + "\0"]) == store.by_path(["a\0"]) == []
        assert store.delete(ids=[image_id("a") + "\0"]) == 0

    def test_thresholds_totals_and_pages_count_only_what_matches(self, store: Store) -> None:
        store.upsert([record(f"{n:02}", at_cosine(1 - n / 50), half=n % 2 == 0) for n in range(40)])
        store.publish()
        pages = [
            store.search(Search(QUERY, threshold=0.5, offset=offset, limit=4, filter={"half": ["true"]}))
            for offset in (0, 4, 8, 12)
        ]
        assert [hit.file_path for page in pages for hit in page.hits] == [f"{n:02}" for n in range(0, 26, 2)]
        assert {page.total for page in pages} == {13}

    def test_a_replaced_record_matches_by_what_it_is_now(self, store: Store) -> None:
        store.upsert([record("a", kind="hat"), record("b", kind="hat")])
        store.upsert([record("a", kind="shoe")])
        store.delete(ids=[record("b").id])
        store.publish()
        assert found(store, {"kind": ["hat"]}) == []
        assert found(store, {"kind": ["shoe"]}) == ["a"]
