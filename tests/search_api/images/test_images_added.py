"""POST /images: images that a client sends are kept, indexed and found at once."""

import hashlib
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from search_api.stores.base import image_id
from tests.answers import assert_success
from tests.extractor.dummy import FINGERPRINT
from tests.ingest.album import image
from tests.search_api.conftest import MakeClient
from tests.search_api.gallery import COUNT, Gallery, records_in
from tests.search_api.images.uploading import add, listed, post_files, uploaded_files, uploads_in
from tests.search_api.search.searching import paths, search


def upload_of(data: bytes, suffix: str = ".jpg") -> str:
    """Return the path that a record of ``data`` should have."""
    digest = hashlib.sha256(data).hexdigest()
    return f".uploads/{digest[:2]}/{digest}{suffix}"


def test_an_image_that_is_added_is_found_at_once(own_client: FlaskClient) -> None:
    data = add(own_client, image(100), metadata='{"shop": "north", "price": 12.5}')
    path = upload_of(image(100))
    assert (data["added"], data["updated"], data["failed"], data["images"]) == (1, 0, 0, COUNT + 1)
    (item,) = data["items"]
    metadata = {"name": "a photo.jpg", "bytes": len(image(100)), "shop": "north", "price": 12.5}
    record = {
        "id": image_id(path),
        "file_path": path,
        "sha256": hashlib.sha256(image(100)).hexdigest(),
        "metadata": metadata,
    }
    assert item == {"name": "a photo.jpg", "status": "added", **record}
    assert assert_success(own_client.get(f"/images/{item['id']}")) == record
    hit = search(own_client, image(100))["dataList"][0]
    assert (hit["file_path"], hit["score"], hit["metadata"]) == (path, 1.0, metadata)
    assert paths(search(own_client, image(100), score=-1, filter='{"shop": "north"}')) == [path]


def test_the_file_and_thumbnail_of_an_upload_are_sent(own_client: FlaskClient) -> None:
    (item,) = add(own_client, image(100, "PNG"))["items"]
    with own_client.get(f"/images/{item['id']}/file") as answer:
        assert (answer.data, answer.headers["Content-Type"]) == (image(100, "PNG"), "image/png")
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert own_client.get(f"/images/{item['id']}/thumbnail").status_code == 200


def test_uploads_are_sent_without_an_image_root(make_client: MakeClient, new_url: str) -> None:
    client = make_client(store_url=new_url, root=None)
    (item,) = add(client, image(100))["items"]
    with client.get(f"/images/{item['id']}/file") as answer:
        assert answer.data == image(100)


def test_the_first_image_makes_the_collection(new_client: FlaskClient, new_url: str) -> None:
    before = assert_success(new_client.get("/collections"))["collections"]
    assert before == [
        {"name": "default", "images": 0, "fingerprint": None, "metric": None, "dim": None, "modes": ["exact", "ann"]}
    ]
    assert add(new_client, image(1))["images"] == 1
    (after,) = assert_success(new_client.get("/collections"))["collections"]
    assert (after["images"], after["fingerprint"]) == (1, str(FINGERPRINT))
    assert list(records_in(new_url)) == [upload_of(image(1))]


def test_several_images_are_added_in_their_order(new_client: FlaskClient, uploads: Path) -> None:
    data = add(new_client, *(image(number) for number in range(8)))
    assert [item["file_path"] for item in data["items"]] == [upload_of(image(number)) for number in range(8)]
    assert (data["added"], data["images"]) == (8, 8)
    assert uploaded_files(uploads) == {upload_of(image(number)) for number in range(8)}


def test_a_file_is_named_by_its_content(subtests: pytest.Subtests, new_client: FlaskClient, uploads: Path) -> None:
    suffixes = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp", "GIF": ".gif", "BMP": ".bmp", "TIFF": ".tif"}
    there: set[str] = set()
    for kind, suffix in suffixes.items():
        with subtests.test(kind):
            assert_success(post_files(new_client, [("a page.html", image(3, kind))]))
            path = upload_of(image(3, kind), suffix)
            assert uploaded_files(uploads) - there == {path}
            assert (uploads / path).read_bytes() == image(3, kind)
            there.add(path)


def test_each_file_may_be_given_a_name(new_client: FlaskClient) -> None:
    files = [("1.jpg", image(1)), ("2.jpg", image(2))]
    data = assert_success(post_files(new_client, files, name=["first 照片", "second"]))
    assert [item["name"] for item in data["items"]] == ["first 照片", "second"]
    assert [item["metadata"]["name"] for item in data["items"]] == ["first 照片", "second"]


def test_the_same_bytes_are_there_once(new_client: FlaskClient, uploads: Path) -> None:
    add(new_client, image(1), metadata='{"note": "kept", "shop": "north"}')
    again = assert_success(post_files(new_client, [("other.jpg", image(1))], metadata='{"shop": "south"}'))
    assert (again["added"], again["updated"], again["images"]) == (0, 1, 1)
    (record,) = listed(new_client)
    metadata = {"name": "other.jpg", "bytes": len(image(1)), "note": "kept", "shop": "south"}
    assert record["metadata"] == metadata
    assert len(uploaded_files(uploads)) == 1


def test_the_same_bytes_twice_in_one_request_are_one_image(new_client: FlaskClient, uploads: Path) -> None:
    data = add(new_client, image(1), image(2), image(1))
    assert data["images"] == len(listed(new_client)) == len(uploaded_files(uploads)) == 2
    assert (data["added"], data["updated"]) == (2, 1)
    assert [item["status"] for item in data["items"]] == ["added", "added", "updated"]


def test_bytes_that_are_indexed_already_need_no_extractor(make_client: MakeClient, own: Gallery) -> None:
    client = make_client(store_url=own.store_url, root=own.root, extractor_urls=["http://127.0.0.1:1"], deadline=0.1)
    (item,) = add(client, image(7))["items"]
    records = records_in(own.store_url)
    copy, original = records[item["file_path"]], records[own.names[7]]
    assert copy.vector is not None
    assert original.vector is not None
    assert copy.vector.tolist() == original.vector.tolist()
    assert copy.sha256 == original.sha256


def test_metadata_may_come_in_the_query_string_too(new_client: FlaskClient, new_url: str) -> None:
    answer = post_files(new_client, [("1.jpg", image(1))], route='/images?metadata={"shop": "north"}')
    assert assert_success(answer)["items"][0]["metadata"]["shop"] == "north"
    assert len(uploads_in(new_url)) == 1
