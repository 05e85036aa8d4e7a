"""POST /searchById: what is like an image that is indexed already."""

import pytest
from flask.testing import FlaskClient

from search_api.stores.base import image_id
from tests.answers import assert_failure, assert_success
from tests.ingest.album import image
from tests.search_api.gallery import COUNT, Gallery
from tests.search_api.search.searching import paths, search

ROUTE = "/searchById"


def test_an_id_has_the_hits_of_its_image(client: FlaskClient, gallery: Gallery) -> None:
    page = assert_success(client.post(ROUTE, json={"id": image_id(gallery.names[7]), "score": -1, "pageSize": COUNT}))
    by_image = search(client, image(7), score=-1, pageSize=COUNT)
    assert paths(page)[0] == gallery.names[7]
    assert paths(page) == paths(by_image)
    assert page["total"] == COUNT
    assert set(page["took"]) == {"store", "total"}


def test_parameters_are_the_same_in_every_kind_of_body(client: FlaskClient, gallery: Gallery) -> None:
    fields = {"id": image_id(gallery.names[7]), "score": "-1", "page": "2", "pageSize": "4", "filter": '{"folder":"1"}'}
    pages = [
        assert_success(answer)
        for answer in (
            client.post(ROUTE, json=fields),
            client.post(ROUTE, data=fields),
            client.post(ROUTE, query_string=fields),
        )
    ]
    assert paths(pages[0]) == paths(pages[1]) == paths(pages[2])
    assert len(paths(pages[0])) == 4
    assert pages[0]["total"] == 20


def test_an_id_that_is_not_indexed_is_not_found(client: FlaskClient) -> None:
    for unknown in ("nope", image_id("another.jpg"), "0" * 5_000, "日本", "a\0b"):
        detail = assert_failure(client.post(ROUTE, json={"id": unknown}), "not_found")
        assert len(detail) < 200


def test_an_id_is_a_text(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for value in ["null", '""', "5", "true", '["a", 5]', "[]", '[""]', "{}", '"\\ud800"']:
        with subtests.test(value):
            answer = client.post(ROUTE, data=f'{{"id": {value}}}', content_type="application/json")
            assert assert_failure(answer, "bad_parameter").startswith("id ")


def test_a_missing_id_is_asked_for(client: FlaskClient) -> None:
    assert assert_failure(client.post(ROUTE), "bad_parameter").startswith("id ")
