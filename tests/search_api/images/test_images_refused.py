"""POST /images with images or fields that are refused: each says why, and none costs the others."""

import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from search_api.stores import create_store
from tests.answers import assert_failure, assert_sentence, assert_success
from tests.extractor.dummy import FEATURELESS, MODEL
from tests.images import encoded
from tests.ingest.album import image
from tests.search_api.conftest import MAX_BYTES, MakeClient
from tests.search_api.gallery import records_in
from tests.search_api.images.uploading import add, listed, post_files, uploaded_files
from tests.servers.process import free_port

BAD = {
    "empty_image": b"",
    "not_an_image": b"only words",
    "unsupported_format": b"%PDF-1.7 and so on",
    "truncated_image": image(1)[:300],
    "image_too_large": image(1) + bytes(MAX_BYTES),
}


def test_a_single_bad_image_is_the_error_of_the_request(
    subtests: pytest.Subtests, new_client: FlaskClient, uploads: Path
) -> None:
    for name, data in BAD.items():
        with subtests.test(name):
            assert_failure(post_files(new_client, [("bad.jpg", data)]), name)
            assert uploaded_files(uploads) == set()


def test_bad_images_cost_the_good_ones_nothing(make_client: MakeClient, new_url: str, uploads: Path) -> None:
    client = make_client(store_url=new_url, max_files=20)
    bad = {name: data for name, data in BAD.items() if name != "image_too_large"}  # the body has an end too
    files = [("good 1.jpg", image(1)), *((f"{name}.jpg", data) for name, data in bad.items()), ("2.jpg", image(2))]
    data = assert_success(post_files(client, files))
    assert (data["added"], data["updated"], data["failed"], data["images"]) == (2, 0, len(bad), 2)
    assert [item["name"] for item in data["items"]] == [name for name, _ in files]
    refused = data["items"][1:-1]
    assert [item["error"] for item in refused] == list(bad)
    for item in refused:
        assert set(item) == {"name", "error", "detail"}
        assert_sentence(item["detail"])
    assert len(uploaded_files(uploads)) == len(listed(client)) == 2


def test_when_all_of_several_are_bad_each_says_why(new_client: FlaskClient) -> None:
    data = assert_success(post_files(new_client, [("a", b"words"), ("b", b"")]))
    assert [item["error"] for item in data["items"]] == ["not_an_image", "empty_image"]
    assert (data["failed"], data["images"]) == (2, 0)


def test_an_image_without_features_is_refused_alone(new_client: FlaskClient) -> None:
    grey = encoded(Image.new("RGB", (48, 48), FEATURELESS), "PNG")
    assert_failure(post_files(new_client, [("grey.png", grey)]), "no_features")
    assert add(new_client, image(1), grey)["images"] == 1


def test_a_bad_field_is_named(subtests: pytest.Subtests, new_client: FlaskClient, uploads: Path) -> None:
    refused: dict[str, dict[str, Any]] = {
        "metadata is a JSON object": {"metadata": "words"},
        "name is given once for each file": {"name": ["one", "two"]},
        "collection is a name": {"collection": "no/name"},
    }
    for words, fields in refused.items():
        with subtests.test(words):
            detail = assert_failure(post_files(new_client, [("1.jpg", image(1))], **fields), "bad_parameter")
            assert words in detail
            assert uploaded_files(uploads) == set()


def test_without_a_file_it_is_asked_for(new_client: FlaskClient) -> None:
    assert_failure(new_client.post("/images", data={"metadata": "{}"}), "missing_image")
    assert_failure(new_client.post("/images", json={"img": "AAAA"}), "missing_image")
    assert_failure(new_client.post("/images", data=image(1), content_type="image/jpeg"), "unsupported_media_type")


def test_a_request_takes_as_many_files_as_the_setting_says(
    make_client: MakeClient, new_url: str, uploads: Path
) -> None:
    client = make_client(store_url=new_url, max_files=3)
    assert "3 images" in assert_failure(
        post_files(client, [("x.jpg", image(number)) for number in range(4)]), "bad_parameter"
    )
    assert uploaded_files(uploads) == set()
    assert add(client, *(image(number) for number in range(3)))["images"] == 3


def test_a_body_that_is_too_large_is_refused_before_it_is_read(new_client: FlaskClient) -> None:
    answer = post_files(new_client, [("x.jpg", bytes(MAX_BYTES)) for _ in range(3)])
    assert_failure(answer, "image_too_large")


def test_a_folder_that_cannot_be_written_leaves_no_record(make_client: MakeClient, new_url: str, uploads: Path) -> None:
    uploads.write_text("a file is in the way")
    client = make_client(store_url=new_url)
    assert "SEARCH_UPLOAD_DIR" in assert_failure(post_files(client, [("1.jpg", image(1))]), "store_unavailable")
    assert records_in(new_url) == {}
    uploads.unlink()
    assert add(client, image(1))["images"] == 1


def test_while_the_extractor_is_away_nothing_is_kept(make_client: MakeClient, new_url: str, uploads: Path) -> None:
    add(make_client(store_url=new_url), image(1))
    away = make_client(store_url=new_url, extractor_urls=[f"http://127.0.0.1:{free_port()}"], deadline=0.3)
    assert_failure(post_files(away, [("2.jpg", image(2))]), "extractor_unavailable")
    assert len(records_in(new_url)) == len(uploaded_files(uploads)) == 1


def test_a_collection_of_another_model_takes_nothing(make_client: MakeClient, new_url: str, uploads: Path) -> None:
    create_store(new_url, "another:model", MODEL.dim).close()
    assert_failure(post_files(make_client(store_url=new_url), [("1.jpg", image(1))]), "model_mismatch")
    assert records_in(new_url) == {}
    assert uploaded_files(uploads) == set()


def test_metadata_that_the_store_cannot_keep_is_refused_and_leaves_no_file(
    make_client: MakeClient, tmp_path: Path, uploads: Path
) -> None:
    client = make_client(store_url=f"milvus://{tmp_path}/images.db")
    kept = add(client, image(1))["items"][0]
    metadata = json.dumps({f"key {number}": "x" * 4_000 for number in range(17)})
    detail = assert_failure(post_files(client, [("2.jpg", image(2))], metadata=metadata), "bad_parameter")
    assert "too long for Milvus" in detail
    assert uploaded_files(uploads) == {kept["file_path"]}
