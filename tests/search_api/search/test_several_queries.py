"""Searches by several images or ids, with weights, against brute force."""

import base64

import numpy as np
import pytest
from flask.testing import FlaskClient

from search_api.stores.base import image_id
from tests.answers import assert_failure, assert_success
from tests.extractor.dummy import dummy_embedder
from tests.ingest.album import image
from tests.search_api.conftest import MakeClient
from tests.search_api.gallery import COUNT, Gallery, index
from tests.search_api.images.uploading import post_files
from tests.search_api.search.fusion import ALL, assert_ranked, by_images, expected
from tests.search_api.search.searching import paths

WEIGHTS: list[tuple[str | None, list[float]]] = [
    (None, [1, 1, 1]),
    ("1,1,1", [1, 1, 1]),
    ("2, 0.5 ,0", [2, 0.5, 0]),
    ("1,1,-0.5", [1, 1, -0.5]),
    ("-1,-1,3", [-1, -1, 3]),
]


def test_the_query_is_the_weighted_sum_of_the_images_directions(
    subtests: pytest.Subtests, client: FlaskClient, gallery: Gallery
) -> None:
    for sent, meant in WEIGHTS:
        with subtests.test(str(sent)):
            ranking = expected(gallery, [7, 20, 41], meant)
            as_text: dict[str, object] = {} if sent is None else {"weights": sent}
            as_list: dict[str, object] = {} if sent is None else {"weights": meant}
            assert_ranked(by_images(client, [7, 20, 41], **ALL, **as_text), ranking)
            texts = [base64.b64encode(image(number)).decode() for number in (7, 20, 41)]
            assert_ranked(assert_success(client.post("/searchByImage", json={"img": texts, **ALL, **as_list})), ranking)
            ids = [image_id(gallery.names[number]) for number in (7, 20, 41)]
            assert_ranked(assert_success(client.post("/searchById", json={"id": ids, **ALL, **as_list})), ranking)


def test_a_negative_image_alone_finds_its_opposite(client: FlaskClient, gallery: Gallery) -> None:
    assert_ranked(by_images(client, [7], weights="-1", **ALL), expected(gallery, [7], [-1]))


def test_distances_are_those_from_the_weighted_mean(make_client: MakeClient, own: Gallery) -> None:
    url = f"{own.store_url.removesuffix('.db')}-l2.db?metric=l2"
    index(own.root, url)
    rows = dummy_embedder().embed([image(number) for number in range(COUNT)]).astype(np.float64)
    query = (3 * rows[7] + rows[20]) / 4
    distances = ((rows - query) ** 2).sum(axis=1)
    client = make_client(store_url=url, root=own.root)
    page = by_images(client, [7, 20], weights="3,1", pageSize=COUNT)
    assert paths(page) == [own.names[number] for number in np.argsort(distances)]
    assert [hit["distance"] for hit in page["dataList"]] == pytest.approx(sorted(distances), rel=1e-4)
    answer = post_files(client, [("1", image(7)), ("2", image(20))], route="/searchByImage", weights="1,-1")
    assert "weights" in assert_failure(answer, "bad_parameter")


def test_weights_that_do_not_fit_are_refused(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for weights in ["1", "1,1,1", "1,x", "1,", "nan,1", "inf,1", "1e9,1", "[1,1]"]:
        with subtests.test(weights):
            files = [("1.jpg", image(1)), ("2.jpg", image(2))]
            answer = post_files(client, files, route="/searchByImage", weights=weights)
            assert "weights" in assert_failure(answer, "bad_parameter")


def test_images_that_cancel_each_other_out_have_no_features(client: FlaskClient) -> None:
    for numbers, weights in (([7, 7], "1,-1"), ([1, 2], "0,0"), ([1, 1, 1], "0.1,0.2,-0.3")):
        files = [("x.jpg", image(number)) for number in numbers]
        assert_failure(post_files(client, files, route="/searchByImage", weights=weights), "no_features")


def test_a_bad_image_among_several_is_named_by_its_place(client: FlaskClient) -> None:
    files = [("1.jpg", image(1)), ("2.jpg", b"only words")]
    assert assert_failure(post_files(client, files, route="/searchByImage"), "not_an_image").startswith("Image 2: ")
    files = [("1.jpg", image(1)), ("2.jpg", b"")]
    assert_failure(post_files(client, files, route="/searchByImage"), "empty_image")


def test_a_search_takes_at_most_sixteen_images(client: FlaskClient, gallery: Gallery) -> None:
    assert by_images(client, range(16))["total"] >= 0
    files = [("x.jpg", image(number)) for number in range(17)]
    assert "16" in assert_failure(post_files(client, files, route="/searchByImage"), "bad_parameter")
    ids = [image_id(name) for name in gallery.names]
    assert assert_success(client.post("/searchById", json={"id": ids[:16]}))["total"] >= 0
    assert "16" in assert_failure(client.post("/searchById", json={"id": ids[:17]}), "bad_parameter")


def test_a_box_goes_with_one_image(client: FlaskClient) -> None:
    files = [("1.jpg", image(1)), ("2.jpg", image(2))]
    answer = post_files(client, files, route="/searchByImage", box="0,0,0.5,0.5")
    assert "box" in assert_failure(answer, "bad_parameter")
    assert by_images(client, [1], box="0,0,0.5,0.5", score=-1)["total"] == COUNT


def test_an_unknown_id_among_several_is_named(client: FlaskClient, gallery: Gallery) -> None:
    ids = [image_id(gallery.names[1]), "nobody"]
    assert "nobody" in assert_failure(client.post("/searchById", json={"id": ids}), "not_found")
