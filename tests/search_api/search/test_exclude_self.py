"""``excludeSelf``: the images asked with are left out, of the total too."""

from flask.testing import FlaskClient

from search_api.stores.base import image_id
from tests.answers import assert_failure, assert_success
from tests.ingest.album import image, put
from tests.search_api.gallery import COUNT, Gallery, index
from tests.search_api.images.uploading import add
from tests.search_api.search.fusion import ALL, assert_ranked, by_images, expected
from tests.search_api.search.searching import paths, search


def test_the_images_asked_with_are_left_out_of_hits_and_total(client: FlaskClient, gallery: Gallery) -> None:
    ranking = expected(gallery, [7, 20], [1, 1])
    rest = [pair for pair in ranking if pair[0] not in (gallery.names[7], gallery.names[20])]
    for page in (
        by_images(client, [7, 20], excludeSelf="true", **ALL),
        assert_success(
            client.post(
                "/searchById", json={"id": [image_id(gallery.names[n]) for n in (7, 20)], "excludeSelf": True, **ALL}
            )
        ),
    ):
        assert_ranked(page, rest)
        assert (page["total"], page["totalRelation"]) == (COUNT - 2, "eq")


def test_by_its_bytes_an_image_is_left_out_wherever_it_is(own_client: FlaskClient, own: Gallery) -> None:
    put(own.root, "a copy.jpg", image(7))
    index(own.root, own.store_url)
    add(own_client, image(7))
    assert search(own_client, image(7), **ALL)["total"] == COUNT + 2
    page = search(own_client, image(7), excludeSelf=True, **ALL)
    assert page["total"] == len(paths(page)) == COUNT - 1
    assert own.names[7] not in paths(page)
    by_id = {"id": image_id(own.names[7]), "excludeSelf": True, **ALL}
    page = assert_success(own_client.post("/searchById", json=by_id))
    assert page["total"] == COUNT + 1, "by its id only the record itself"
    assert page["dataList"][0]["score"] == 1.0


def test_pages_without_the_image_itself_neither_overlap_nor_leave_gaps(client: FlaskClient, gallery: Gallery) -> None:
    found = []
    for page in range(1, 9):
        data = search(client, image(7), score=-1, excludeSelf=True, page=page, pageSize=8)
        assert data["total"] == COUNT - 1
        found += paths(data)
    assert found == [path for path, _ in gallery.ranking(image(7)) if path != gallery.names[7]]


def test_a_search_by_vector_takes_no_exclude_self_and_no_weights(client: FlaskClient) -> None:
    for more in ({"excludeSelf": True}, {"weights": [1.0]}):
        assert_failure(client.post("/searchByVector", json={"vector": [1.0] * 24, **more}), "bad_parameter")
