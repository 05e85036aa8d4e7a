"""A filter matches any text, on a server and on a file, and means nothing else by it."""

from dataclasses import replace

from search_api.stores.base import Search, Store
from search_api.stores.milvus.expressions import literal
from tests.stores.samples import QUERY, record

_ODD = [chr(code) for code in range(1, 0x30)] + ["\x7f", "\x80", "\u2028", "\ufeff", "\U0010ffff"]
_ODD += [
    '"',
    '""',
    "\\",
    "\\\\",
    '\\"',
    "\\n",
    "\\u0041",
    "%s",
    "{x}",
    "$meta",
    "a/b",
    "a~b",
    "~0",
    "~1",
    "[0]",
    "null",
]
_ODD += ['" or id != ""', "x\0y", "", "ünï", "日本", "🙂", "'", "in", "not", "and", "_a", "%5Fa", "a" * 300]


def names(store: Store, key: str, value: str) -> list[str]:
    found = store.search(Search(QUERY, None, 0, 200, {key: [value]}))
    assert found.total == len(found.hits) == store.count({key: [value]})
    return [hit.file_path for hit in found.hits]


def test_odd_values_mean_only_themselves(any_store: Store) -> None:
    odd = list(dict.fromkeys(_ODD))
    any_store.upsert([record(f"{index}.jpg", value=text) for index, text in enumerate(odd)])
    any_store.publish()
    assert {text: names(any_store, "value", text) for text in odd} == {
        text: [f"{index}.jpg"] for index, text in enumerate(odd)
    }
    assert {one.metadata["value"] for one in any_store.scan()} == set(odd)


def test_odd_keys_mean_only_themselves(any_store: Store) -> None:
    odd = list(dict.fromkeys(_ODD))
    any_store.upsert([replace(record(f"{index}.jpg"), metadata={text: "x"}) for index, text in enumerate(odd)])
    any_store.publish()
    assert {text: names(any_store, text, "x") for text in odd} == {
        text: [f"{index}.jpg"] for index, text in enumerate(odd)
    }


def test_odd_values_among_others_mean_only_themselves(any_store: Store) -> None:
    odd = list(dict.fromkeys(_ODD))
    any_store.upsert([record(f"{index}.jpg", value=text) for index, text in enumerate(odd)])
    any_store.publish()
    some = {"value": odd[::2]}
    assert any_store.count(some) == len(odd[::2])
    assert any_store.delete(filter=some) == len(odd[::2])
    assert {one.metadata["value"] for one in any_store.browse(limit=200)} == set(odd[1::2])


def test_a_literal_has_no_quote_that_ends_it() -> None:
    for text in _ODD:
        inside = literal(text)[1:-1].replace("\\\\", "")
        assert '"' not in inside.replace('\\"', "")
        assert not inside.endswith("\\")
