"""Routes that change something: who may use them, and what they do."""

from collections.abc import Mapping

import pytest
from flask.testing import FlaskClient

from tests.answers import assert_failure
from tests.search_api.conftest import MakeClient
from tests.search_api.gallery import Gallery

KEY = "a key with blanks"
WITH_KEY = {"Authorization": f"Bearer {KEY}"}


@pytest.fixture
def keyed_client(make_client: MakeClient, own: Gallery) -> FlaskClient:
    return make_client(store_url=own.store_url, root=own.root, api_key=KEY)


def ids(client: FlaskClient) -> list[str]:
    query = {"vector": [1.0] * 24, "score": -1, "pageSize": 1000}
    return [hit["id"] for hit in client.post("/searchByVector", json=query).get_json()["data"]["dataList"]]


def test_a_deleted_picture_is_found_no_more_and_its_file_stays(own_client: FlaskClient, own: Gallery) -> None:
    before = ids(own_client)
    record = own_client.get(f"/images/{before[0]}").get_json()["data"]
    answer = own_client.delete(f"/images/{before[0]}")
    assert (answer.status_code, answer.get_json()["data"]) == (200, {"deleted": 1})
    assert ids(own_client) == before[1:]
    assert (own.root / record["file_path"]).exists()
    assert_failure(own_client.get(f"/images/{before[0]}"), "not_found")
    assert_failure(own_client.delete(f"/images/{before[0]}"), "not_found")


def test_with_a_key_set_changes_need_it(keyed_client: FlaskClient) -> None:
    (first, second, *_) = ids(keyed_client)
    wrong: list[Mapping[str, str]] = [
        {},
        {"Authorization": f"Bearer {KEY}x"},
        {"Authorization": "Bearer"},
        {"Authorization": f"Basic {KEY}"},
        {"Authorization": KEY},
    ]
    for headers in wrong:
        assert_failure(keyed_client.delete(f"/images/{first}", headers=headers), "unauthorized")
    assert first in ids(keyed_client)
    assert keyed_client.delete(f"/images/{first}", headers=WITH_KEY).status_code == 200
    far = keyed_client.delete(f"/images/{second}", headers=WITH_KEY, environ_overrides={"REMOTE_ADDR": "192.0.2.7"})
    assert far.status_code == 200


@pytest.mark.parametrize("address", ["192.0.2.7", "10.0.0.1", "2001:db8::1", ""])
def test_without_a_key_other_machines_may_only_search(own_client: FlaskClient, address: str) -> None:
    (first, *_) = ids(own_client)
    elsewhere = {"REMOTE_ADDR": address}
    assert_failure(own_client.delete(f"/images/{first}", environ_overrides=elsewhere), "forbidden")
    assert own_client.get(f"/images/{first}", environ_overrides=elsewhere).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "photos.example"},
        {"Host": "localhost.example:5005"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"Via": "1.1 proxy"},
    ],
    ids=str,
)
def test_without_a_key_a_foreign_name_or_a_proxy_is_refused(own_client: FlaskClient, headers: dict[str, str]) -> None:
    (first, *_) = ids(own_client)
    assert_failure(own_client.delete(f"/images/{first}", headers=headers), "forbidden")


@pytest.mark.parametrize("host", ["localhost", "localhost:5005", "127.0.0.1:5005", "[::1]:5005"])
def test_without_a_key_this_machine_may_change_under_its_own_names(own_client: FlaskClient, host: str) -> None:
    (first, *_) = ids(own_client)
    assert own_client.delete(f"/images/{first}", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://["},
        {"Origin": ""},
        {"Origin": "http://localhost:6006"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_pages_of_other_origins_are_refused_with_and_without_a_key(
    own_client: FlaskClient, keyed_client: FlaskClient, headers: dict[str, str]
) -> None:
    (first, *_) = ids(own_client)
    assert_failure(own_client.delete(f"/images/{first}", headers=headers), "forbidden")
    assert_failure(keyed_client.delete(f"/images/{first}", headers={**headers, **WITH_KEY}), "forbidden")
    own_page = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert own_client.delete(f"/images/{first}", headers=own_page).status_code == 200


def test_other_origins_are_not_told_that_they_may_change(client: FlaskClient) -> None:
    asked = {"Origin": "https://other.example", "Access-Control-Request-Method": "DELETE"}
    answer = client.options("/images/0", headers=asked)
    assert "DELETE" not in answer.headers.get("Access-Control-Allow-Methods", "")
