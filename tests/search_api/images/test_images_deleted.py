"""DELETE: single images, all of them, and the files of those that were uploaded."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from search_api.stores import create_store
from search_api.stores.base import image_id
from search_api.stores.url import with_collection
from tests.answers import assert_failure, assert_success
from tests.extractor.dummy import FINGERPRINT, MODEL
from tests.ingest.album import image, put
from tests.search_api.conftest import MakeClient
from tests.search_api.gallery import COUNT, Gallery, records_in
from tests.search_api.images.uploading import add, listed, post_files, uploaded_files
from tests.search_api.search.searching import paths, search


def delete(client: FlaskClient, id_: str, **query: str) -> int:
    """Delete an image, which has to be there; return how many are left."""
    data = assert_success(client.delete(f"/images/{id_}", query_string=query))
    assert data["deleted"] == 1
    images: int = data["images"]
    return images


def test_a_deleted_image_is_no_hit_any_more_and_its_file_stays(own_client: FlaskClient, own: Gallery) -> None:
    id_ = image_id(own.names[7])
    assert delete(own_client, id_) == COUNT - 1
    assert own.names[7] not in paths(search(own_client, image(7), score=-1, pageSize=COUNT))
    assert (own.root / own.names[7]).exists()
    assert_failure(own_client.get(f"/images/{id_}"), "not_found")
    assert_failure(own_client.delete(f"/images/{id_}"), "not_found")


def test_the_count_is_right_after_each_change(own_client: FlaskClient) -> None:
    ids = []
    for number in range(100, 105):
        data = add(own_client, image(number))
        ids.append(data["items"][0]["id"])
        assert data["images"] == len(listed(own_client)) == COUNT + len(ids)
    while ids:
        assert delete(own_client, ids.pop()) == len(listed(own_client)) == COUNT + len(ids)
        assert search(own_client, image(0), score=-1)["total"] == COUNT + len(ids)


@pytest.mark.timeout(120)  # the store locks its folder for moments
def test_uploads_may_be_kept_in_the_folder_of_the_store(make_client: MakeClient, own: Gallery, tmp_path: Path) -> None:
    client = make_client(store_url=own.store_url, root=own.root, uploads=tmp_path)
    for number in range(100, 105):
        (item,) = add(client, image(number))["items"]
        with ThreadPoolExecutor(4) as pool:  # connections are made while the uploads are locked
            deleting = pool.submit(delete, client, item["id"])
            assert all(
                found["total"] >= COUNT for found in pool.map(lambda _: search(client, image(0), score=-1), range(4))
            )
            assert deleting.result() == COUNT
    assert uploaded_files(tmp_path / ".uploads") == set()


def test_the_file_of_an_upload_goes_with_it(new_client: FlaskClient, uploads: Path) -> None:
    first, second = add(new_client, image(1), image(2))["items"]
    delete(new_client, first["id"])
    assert uploaded_files(uploads) == {second["file_path"]}
    add(new_client, image(1))
    assert uploaded_files(uploads) == {first["file_path"], second["file_path"]}


@pytest.fixture
def other_url(own: Gallery) -> str:
    """A second collection beside the gallery's."""
    url = with_collection(own.store_url, "other")
    create_store(url, str(FINGERPRINT), MODEL.dim).close()
    return url


def test_a_file_stays_while_another_collection_refers_to_it(
    own_client: FlaskClient, other_url: str, uploads: Path
) -> None:
    (item,) = add(own_client, image(100))["items"]
    assert add(own_client, image(100), collection="other")["images"] == 1
    delete(own_client, item["id"])
    assert uploaded_files(uploads) == {item["file_path"]}
    with own_client.get(f"/images/{item['id']}/file?collection=other") as answer:
        assert answer.data == image(100)
    assert delete(own_client, item["id"], collection="other") == 0
    assert uploaded_files(uploads) == set()


def test_a_file_is_deleted_although_there_is_no_default_collection(
    make_client: MakeClient, new_url: str, uploads: Path
) -> None:
    create_store(with_collection(new_url, "other"), str(FINGERPRINT), MODEL.dim).close()
    client = make_client(store_url=new_url)
    (item,) = add(client, image(1), collection="other")["items"]
    assert delete(client, item["id"], collection="other") == 0
    assert uploaded_files(uploads) == set()


def test_all_images_are_deleted_when_their_number_is_confirmed(
    own_client: FlaskClient, own: Gallery, uploads: Path
) -> None:
    add(own_client, image(100), image(101))
    answer = own_client.delete("/images", query_string={"confirm": COUNT + 2})
    assert assert_success(answer) == {"deleted": COUNT + 2, "images": 0}
    assert listed(own_client) == []
    assert records_in(own.store_url) == {}
    assert uploaded_files(uploads) == set()
    assert all((own.root / name).exists() for name in own.names)
    assert assert_success(own_client.delete("/images?confirm=0")) == {"deleted": 0, "images": 0}
    assert add(own_client, image(1))["images"] == 1


def test_clearing_one_collection_leaves_the_others_and_their_files(
    own_client: FlaskClient, other_url: str, uploads: Path
) -> None:
    shared, alone = add(own_client, image(100), image(101))["items"]
    add(own_client, image(100), image(102), collection="other")
    strange = f".uploads/00/{'0' * 64}.jpg"
    put(uploads, strange, b"of another store that shares the folder")
    assert_success(own_client.delete("/images", query_string={"confirm": COUNT + 2}))
    there = {record["file_path"] for record in listed(own_client, collection="other")}
    assert len(there) == 2
    assert uploaded_files(uploads) == there | {strange}
    assert shared["file_path"] in there
    assert alone["file_path"] not in there


def test_a_wrong_confirmation_deletes_nothing(subtests: pytest.Subtests, own_client: FlaskClient) -> None:
    for wrong in [COUNT - 1, COUNT + 1, 0, 10**17]:
        with subtests.test(wrong=wrong):
            assert f"{COUNT} images" in assert_failure(
                own_client.delete(f"/images?confirm={wrong}"), "confirm_mismatch"
            )
            assert len(listed(own_client)) == COUNT


def test_a_confirmation_that_is_not_a_number_deletes_nothing(
    subtests: pytest.Subtests, own_client: FlaskClient
) -> None:
    for query in ["", "confirm=", "confirm=all", "confirm=-1", "confirm=60.0"]:
        with subtests.test(repr(query)):
            assert "confirm" in assert_failure(own_client.delete(f"/images?{query}"), "bad_parameter")
            assert len(listed(own_client)) == COUNT


def test_a_deleted_image_loses_its_thumbnail_too(new_client: FlaskClient, tmp_path: Path) -> None:
    (item,) = add(new_client, image(1))["items"]
    assert new_client.get(f"/images/{item['id']}/thumbnail").status_code == 200
    kept = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
    assert len(kept) == 1
    delete(new_client, item["id"])
    assert not kept[0].exists()


def test_adding_and_deleting_one_image_at_once_leaves_record_and_file_or_neither(
    new_client: FlaskClient, uploads: Path
) -> None:
    (item,) = add(new_client, image(1))["items"]

    def change(number: int) -> int:
        client = new_client.application.test_client()
        if number % 2:
            return client.delete(f"/images/{item['id']}").status_code
        return post_files(client, [("1.jpg", image(1))]).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(change, range(60)))
    assert set(statuses) <= {200, 404}
    assert uploaded_files(uploads) == {record["file_path"] for record in listed(new_client)}


def test_a_file_stays_while_another_store_shares_the_folder(
    make_client: MakeClient, new_url: str, tmp_path: Path, uploads: Path
) -> None:
    one, other = make_client(store_url=new_url), make_client(store_url=f"embedded://{tmp_path}/other.db")
    (item,) = add(one, image(1))["items"]
    add(other, image(1))
    for client in (one, other):
        assert delete(client, item["id"]) == 0
        assert uploaded_files(uploads) == {item["file_path"]}


def test_a_file_stays_while_the_default_collection_refers_to_it(
    make_client: MakeClient, new_url: str, uploads: Path
) -> None:
    (item,) = add(make_client(store_url=new_url), image(1))["items"]
    beside = make_client(store_url=with_collection(new_url, "beside"))
    add(beside, image(1))
    assert delete(beside, item["id"]) == 0
    assert uploaded_files(uploads) == {item["file_path"]}
