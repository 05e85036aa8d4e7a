"""Several collections behind one store URL: each request is about one of them and touches no other."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from search_api.stores import create_store, drop_store
from search_api.stores.base import image_id
from search_api.stores.url import with_collection
from tests.answers import assert_failure, assert_success
from tests.extractor.dummy import FINGERPRINT, MODEL
from tests.ingest.album import image, put
from tests.search_api.gallery import COUNT, Gallery
from tests.search_api.images.uploading import add, listed, post_files
from tests.search_api.jobs.job_watching import counts, finished, start
from tests.search_api.search.searching import paths, post_image, search

OTHER_MODEL = "another:model"
OF_SHOES: dict[str, Any] = {"collection": "shoes"}


@pytest.fixture
def client(own_client: FlaskClient, own: Gallery) -> FlaskClient:
    """Beside the gallery there is an empty collection, and one of another model."""
    create_store(with_collection(own.store_url, "shoes"), str(FINGERPRINT), MODEL.dim).close()
    create_store(with_collection(f"{own.store_url}?metric=l2", "Old-hats_2"), OTHER_MODEL, 7).close()
    return own_client


def test_collections_are_listed_with_their_model_metric_and_size(client: FlaskClient) -> None:
    add(client, image(100), **OF_SHOES)
    default, *others = assert_success(client.get("/collections"))["collections"]
    assert default == {
        "name": "default",
        "images": COUNT,
        "fingerprint": str(FINGERPRINT),
        "metric": "cosine",
        "dim": MODEL.dim,
        "modes": ["exact", "ann"],
    }
    modes = {"modes": ["exact", "ann"]}
    assert others == [
        {"name": "Old-hats_2", "images": 0, "fingerprint": OTHER_MODEL, "metric": "l2", "dim": 7, **modes},
        {"name": "shoes", "images": 1, "fingerprint": str(FINGERPRINT), "metric": "cosine", "dim": MODEL.dim, **modes},
    ]


def test_each_route_is_about_the_collection_that_it_names(client: FlaskClient) -> None:
    (item,) = add(client, image(100), **OF_SHOES)["items"]
    id_ = item["id"]
    assert paths(search(client, image(100), score=-1, **OF_SHOES)) == [item["file_path"]]
    assert item["file_path"] not in paths(search(client, image(100), score=-1, pageSize=COUNT))
    by_id = assert_success(client.post("/searchById", json={"id": id_, **OF_SHOES}))
    by_vector = assert_success(
        client.post("/searchByVector", json={"vector": [1.0] * MODEL.dim, "score": -1, **OF_SHOES})
    )
    assert paths(by_id) == paths(by_vector) == [item["file_path"]]
    assert [record["id"] for record in listed(client, **OF_SHOES)] == [id_]
    for what in ("", "/file", "/thumbnail"):
        with client.get(f"/images/{id_}{what}", query_string=OF_SHOES) as answer:
            assert answer.status_code == 200
        assert_failure(client.get(f"/images/{id_}{what}"), "not_found")
    assert_failure(client.patch(f"/images/{id_}", json={"metadata": {"a": 1}}), "not_found")
    changed = assert_success(client.patch(f"/images/{id_}", json={"metadata": {"a": 1}, **OF_SHOES}))
    assert changed["metadata"]["a"] == 1
    assert_failure(client.delete(f"/images/{id_}"), "not_found")
    assert_success(client.delete(f"/images/{id_}", query_string=OF_SHOES))
    assert assert_success(client.delete("/images", query_string={"confirm": 0, **OF_SHOES}))["deleted"] == 0
    assert len(listed(client)) == COUNT


def test_default_is_the_name_of_the_collection_of_the_store_url(client: FlaskClient) -> None:
    for name in ("default", ""):
        assert len(listed(client, collection=name)) == COUNT
    assert search(client, image(7), collection="default", score=-1)["total"] == COUNT


def test_a_job_indexes_into_the_collection_that_it_names(client: FlaskClient, own: Gallery) -> None:
    job = finished(client, start(client, "1", **OF_SHOES))
    assert (job["collection"], counts(job)) == ("shoes", {"added": 20})
    assert {record["metadata"]["folder"] for record in listed(client, **OF_SHOES)} == {"1"}
    assert len(listed(client)) == COUNT


def test_two_collections_may_take_one_folder_at_once(client: FlaskClient) -> None:
    ids = [start(client, "", collection=name) for name in ("default", "shoes")]
    assert [counts(finished(client, id_)) for id_ in ids] == [{"unchanged": COUNT}, {"added": COUNT}]


def test_an_extractor_fits_one_collection_and_not_another(client: FlaskClient, own: Gallery) -> None:
    hats: dict[str, Any] = {"collection": "Old-hats_2"}
    assert_failure(post_image(client, image(1), **hats), "model_mismatch")
    assert_failure(post_files(client, [("1.jpg", image(1))], **hats), "model_mismatch")
    put(own.root, "new/1.jpg", image(100))
    assert finished(client, start(client, "new", **hats))["error"] == "model_mismatch"
    assert listed(client, **hats) == []
    assert search(client, image(1))["total"] > 0


def test_a_collection_that_does_not_exist_is_not_found_by_any_route(client: FlaskClient) -> None:
    id_ = image_id("0/0000.jpg")
    unknown: dict[str, Any] = {"collection": "boots"}
    answers = [
        post_image(client, image(1), **unknown),
        client.post("/searchById", json={"id": id_, **unknown}),
        client.post("/searchByVector", json={"vector": [1.0] * MODEL.dim, **unknown}),
        client.get("/images", query_string=unknown),
        client.get(f"/images/{id_}", query_string=unknown),
        client.get(f"/images/{id_}/file", query_string=unknown),
        client.get(f"/images/{id_}/thumbnail", query_string=unknown),
        client.patch(f"/images/{id_}", json={"metadata": {"a": 1}, **unknown}),
        client.delete(f"/images/{id_}", query_string=unknown),
        client.delete("/images", query_string={"confirm": 0, **unknown}),
        post_files(client, [("1.jpg", image(1))], **unknown),
        client.post("/jobs", json={"path": "", **unknown}),
    ]
    for answer in answers:
        assert "boots" in assert_failure(answer, "not_found")
    assert len(assert_success(client.get("/collections"))["collections"]) == 3


def test_a_bad_name_is_refused(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for name in ["a b", "_a", "a__b", "-", "a.b", "ä", "x" * 65, "a\n", "a*", "."]:
        with subtests.test(repr(name)):
            for answer in (
                client.get("/images", query_string={"collection": name}),
                client.post("/jobs", json={"path": "", "collection": name}),
                client.post("/searchById", json={"id": "x", "collection": [name]}),
            ):
                assert assert_failure(answer, "bad_parameter").startswith("collection")


def test_a_collection_that_is_dropped_and_made_again_is_followed(client: FlaskClient, own: Gallery) -> None:
    add(client, image(1), **OF_SHOES)
    url = with_collection(own.store_url, "shoes")
    drop_store(url)
    assert_failure(client.get("/images", query_string=OF_SHOES), "not_found")
    create_store(url, str(FINGERPRINT), MODEL.dim).close()
    assert listed(client, **OF_SHOES) == []
    assert add(client, image(1), **OF_SHOES)["images"] == 1


def test_many_first_requests_at_once_make_one_collection(new_client: FlaskClient, uploads: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: add(new_client.application.test_client(), image(number)), range(16)))
    assert len(listed(new_client)) == 16
