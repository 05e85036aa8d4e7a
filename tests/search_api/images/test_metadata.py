"""What clients note about images: checked, merged, filtered by, and kept when the image changes."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient

from search_api.stores.base import image_id
from tests.answers import assert_failure, assert_success
from tests.ingest.album import image, put
from tests.search_api.gallery import Gallery, index
from tests.search_api.images.uploading import listed, post_files, uploads_in

ID = image_id("1/0007.jpg")


def patch(client: FlaskClient, metadata: object, id_: str = ID) -> Any:
    """Change the metadata, which has to succeed; return them."""
    return assert_success(client.patch(f"/images/{id_}", json={"metadata": metadata}))["metadata"]


@pytest.fixture
def original() -> dict[str, object]:
    """What the record knows from its file."""
    return {"folder": "1", "bytes": len(image(7))}


def test_a_change_adds_replaces_and_removes(own_client: FlaskClient, original: dict[str, object]) -> None:
    assert patch(own_client, {"shop": "north", "price": 12.5, "sold": False}) == {
        **original,
        "shop": "north",
        "price": 12.5,
        "sold": False,
    }
    changed = patch(own_client, {"shop": "south", "price": None, "unknown": None})
    assert changed == {**original, "shop": "south", "sold": False}
    record = assert_success(own_client.get(f"/images/{ID}"))
    assert (record["metadata"], record["file_path"]) == (changed, "1/0007.jpg")


def test_searches_and_lists_see_it_at_once(own_client: FlaskClient) -> None:
    patch(own_client, {"shop": "north"})
    assert [record["id"] for record in listed(own_client, filter='{"shop": "north"}')] == [ID]
    patch(own_client, {"shop": None})
    assert listed(own_client, filter='{"shop": "north"}') == []


def test_the_vector_stays(own_client: FlaskClient, own: Gallery) -> None:
    patch(own_client, {"shop": "north"})
    page = assert_success(own_client.post("/searchById", json={"id": ID}))
    assert (page["dataList"][0]["id"], page["dataList"][0]["score"]) == (ID, 1.0)


def test_changes_at_the_same_time_are_all_kept(own_client: FlaskClient, original: dict[str, object]) -> None:
    notes = {f"note {number}": number for number in range(40)}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda note: patch(own_client.application.test_client(), dict([note])), notes.items()))
    assert assert_success(own_client.get(f"/images/{ID}"))["metadata"] == {**original, **notes}


def test_a_changed_file_that_is_indexed_again_keeps_it(own_client: FlaskClient, own: Gallery) -> None:
    patch(own_client, {"shop": "north"})
    put(own.root, "1/0007.jpg", image(700))
    index(own.root, own.store_url)
    metadata = assert_success(own_client.get(f"/images/{ID}"))["metadata"]
    assert metadata == {"folder": "1", "bytes": len(image(700)), "shop": "north"}


GOOD: dict[str, object] = {
    "text": "",
    "long": "ü" * 4_000,
    "zero": 0,
    "most": 2**63 - 1,
    "least": -(2**63),
    "float": -1.5e300,
    "true": True,
    "k" * 100: "a long key",
    "日本 🙂 .$'\"": "line\nbreak",
}
BAD = {
    "nested": '{"a": {"b": 1}}',
    "list": '{"a": [1]}',
    "NaN": '{"a": NaN}',
    "infinite": '{"a": 1e999}',
    "minus infinite": '{"a": -Infinity}',
    "too large": '{"a": 9223372036854775808}',
    "digits": '{"a": ' + "9" * 5_000 + "}",
    "long text": json.dumps({"a": "x" * 4_001}),
    "empty key": '{"": 1}',
    "long key": json.dumps({"k" * 101: 1}),
    "NUL in a key": '{"a\\u0000b": 1}',
    "half a character": '{"a": "\\ud800"}',
    "half a character in a key": '{"\\ud800": 1}',
    "many keys": json.dumps({f"key {number}": number for number in range(65)}),
    "a list": "[]",
    "a text": '"words"',
    "a number": "5",
    "deep": "[" * 100_000,
    "nothing": "{}",
    "what follows from the file": '{"bytes": 5}',
    "where the file is": '{"folder": "elsewhere"}',
    "no JSON": "{'a': 1}",
}


def test_texts_numbers_and_booleans_come_back_as_they_were(own_client: FlaskClient) -> None:
    assert patch(own_client, GOOD).items() >= GOOD.items()
    stored = assert_success(own_client.get(f"/images/{ID}"))["metadata"]
    assert {key: (value, type(value)) for key, value in stored.items() if key in GOOD} == {
        key: (value, type(value)) for key, value in GOOD.items()
    }


def test_a_change_that_cannot_be_kept_is_refused(subtests: pytest.Subtests, own_client: FlaskClient) -> None:
    for kind, metadata in BAD.items():
        with subtests.test(kind):
            for answer in (
                own_client.patch(f"/images/{ID}", data=f'{{"metadata": {metadata}}}', content_type="application/json"),
                own_client.patch(f"/images/{ID}", data={"metadata": metadata}),
            ):
                assert_failure(answer, "bad_parameter")
            assert set(assert_success(own_client.get(f"/images/{ID}"))["metadata"]) == {"folder", "bytes"}


def test_an_image_is_not_added_with_it_either(subtests: pytest.Subtests, own_client: FlaskClient, own: Gallery) -> None:
    """Nothing at all is good metadata of a new image, null is not: there is nothing to remove."""
    for kind, metadata in {**BAD, "null": '{"a": null}'}.items():
        if kind == "nothing":
            continue
        with subtests.test(kind):
            assert_failure(post_files(own_client, [("1.jpg", image(100))], metadata=metadata), "bad_parameter")
            assert uploads_in(own.store_url) == {}


def test_the_number_of_metadata_keys_is_limited(own_client: FlaskClient) -> None:
    patch(own_client, {f"key {number}": number for number in range(64)})
    answer = own_client.patch(f"/images/{ID}", json={"metadata": {"one too many": 1}})
    assert "64" in assert_failure(answer, "bad_parameter")
    patch(own_client, {"key 0": None, "another": 1})


def test_an_image_that_is_not_there_cannot_be_changed(own_client: FlaskClient) -> None:
    assert_failure(own_client.patch("/images/nope", json={"metadata": {"a": 1}}), "not_found")


def test_without_metadata_a_change_is_refused(own_client: FlaskClient) -> None:
    assert_failure(own_client.patch(f"/images/{ID}"), "bad_parameter")
    assert_failure(own_client.patch(f"/images/{ID}", json={"metadata": None}), "bad_parameter")


def test_a_new_image_may_have_as_many_keys_as_are_allowed(own_client: FlaskClient) -> None:
    metadata = json.dumps({f"key {number}": number for number in range(64)})
    assert_success(post_files(own_client, [("1.jpg", image(100))], metadata=metadata))


def test_a_whole_number_is_filtered_by_in_every_spelling(subtests: pytest.Subtests, own_client: FlaskClient) -> None:
    for sent in ["12.0", "12", "1.2e1"]:
        with subtests.test(sent):
            patch(own_client, {"price": None})
            body = f'{{"metadata": {{"price": {sent}}}}}'
            assert_success(own_client.patch(f"/images/{ID}", data=body, content_type="application/json"))
            for wanted in ("12", "12.0", '"12"'):
                assert [record["id"] for record in listed(own_client, filter=f'{{"price": {wanted}}}')] == [ID]
