"""GET /images: the records in pages, in the order of their ids."""

import json

import pytest
from flask.testing import FlaskClient

from search_api.stores.base import image_id
from tests.answers import assert_failure, assert_success
from tests.ingest.album import image
from tests.search_api.gallery import COUNT, Gallery
from tests.search_api.images.uploading import add, listed


def ids(records: list[dict[str, str]]) -> list[str]:
    return [record["id"] for record in records]


@pytest.fixture(scope="module")
def in_order(gallery: Gallery) -> list[str]:
    return sorted(image_id(name) for name in gallery.names)


def test_pages_neither_overlap_nor_leave_gaps(client: FlaskClient, in_order: list[str]) -> None:
    found = []
    for page in range(1, 10):
        data = assert_success(client.get("/images", query_string={"page": page, "pageSize": 7}))
        assert (data["total"], data["page"], data["pageSize"]) == (COUNT, page, 7)
        found += ids(data["dataList"])
    assert found == in_order


def test_the_first_ten_come_unasked_and_without_vectors(client: FlaskClient, in_order: list[str]) -> None:
    data = assert_success(client.get("/images"))
    assert (ids(data["dataList"]), data["page"], data["pageSize"]) == (in_order[:10], 1, 10)
    assert set(data["dataList"][0]) == {"id", "file_path", "sha256", "metadata"}


def test_going_on_after_the_last_id_comes_to_the_end(client: FlaskClient, in_order: list[str]) -> None:
    found: list[str] = []
    after: str | None = ""
    while after is not None:
        data = assert_success(client.get("/images", query_string={"after": after, "pageSize": 11}))
        assert data["total"] == COUNT
        found += ids(data["dataList"])
        after = data["next"]
    assert found == in_order


def test_images_that_come_and_go_meanwhile_shift_no_page_that_goes_on_after_an_id(own_client: FlaskClient) -> None:
    before = ids(listed(own_client))
    first = assert_success(own_client.get("/images", query_string={"pageSize": 20}))
    for id_ in before[5:15]:
        assert_success(own_client.delete(f"/images/{id_}"))
    rest = assert_success(own_client.get("/images", query_string={"pageSize": 1000, "after": first["next"]}))
    assert ids(rest["dataList"]) == before[20:]


def test_a_filter_narrows_the_list_and_its_total(client: FlaskClient, gallery: Gallery) -> None:
    for folders in (["1"], ["0", "2"], ["none"]):
        wanted = sorted(image_id(name) for name in gallery.names if name.split("/")[0] in folders)
        query = {"filter": json.dumps({"folder": folders}), "pageSize": 100}
        data = assert_success(client.get("/images", query_string=query))
        assert (ids(data["dataList"]), data["total"]) == (wanted, len(wanted))


def test_a_page_beyond_the_end_is_empty(client: FlaskClient) -> None:
    data = assert_success(client.get("/images", query_string={"page": 8, "pageSize": 10}))
    assert (data["dataList"], data["total"], data["next"]) == ([], COUNT, None)


def test_a_page_that_cannot_be_listed_is_refused(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for query, error in [
        ({"page": "0"}, "bad_parameter"),
        ({"pageSize": "1001"}, "bad_parameter"),
        ({"page": "x"}, "bad_parameter"),
        ({"filter": "words"}, "bad_parameter"),
        ({"page": "11", "pageSize": "1000"}, "page_too_deep"),
        ({"page": "10001", "pageSize": "1"}, "page_too_deep"),
    ]:
        with subtests.test(str(query)):
            assert_failure(client.get("/images", query_string=query), error)


def test_an_empty_collection_has_an_empty_list(new_client: FlaskClient) -> None:
    (item,) = add(new_client, image(1))["items"]
    assert_success(new_client.delete(f"/images/{item['id']}"))
    assert listed(new_client) == []


def test_without_a_collection_there_is_nothing_to_list(new_client: FlaskClient) -> None:
    assert_failure(new_client.get("/images"), "store_unavailable")
