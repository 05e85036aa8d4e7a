"""POST /searchByImage: an image in, its like out, best first."""

import base64
import io
import json
from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from search_api.stores.base import image_id
from tests.answers import assert_success
from tests.extractor.dummy import dummy_embedder
from tests.ingest.album import image
from tests.search_api.gallery import COUNT, Gallery
from tests.search_api.search.searching import paths, search

QUERY = image(7)
SEARCH = "/searchByImage"


def texts(**fields: object) -> dict[str, str]:
    return {name: str(value) for name, value in fields.items()}


def test_an_indexed_image_finds_itself_first(client: FlaskClient, gallery: Gallery) -> None:
    for number in (0, 7, 59):
        hit = search(client, image(number))["dataList"][0]
        assert (hit["file_path"], hit["score"]) == (gallery.names[number], 1.0)
        assert hit["id"] == image_id(gallery.names[number])


def test_an_answer_has_the_fields_of_the_contract(client: FlaskClient, gallery: Gallery) -> None:
    page = search(client, QUERY, pageSize=1)
    assert list(page) == ["dataList", "total", "totalRelation", "page", "pageSize", "took"]
    assert (page["totalRelation"], page["page"], page["pageSize"]) == ("eq", 1, 1)
    assert page["dataList"] == [
        {
            "id": image_id(gallery.names[7]),
            "file_path": gallery.names[7],
            "score": 1.0,
            "metadata": {"folder": "1", "bytes": len(QUERY)},
        }
    ]


def test_every_stage_is_timed_in_milliseconds(client: FlaskClient) -> None:
    took = search(client, QUERY)["took"]
    assert set(took) == {"extract", "store", "total"}
    assert all(value > 0 for value in took.values())
    assert took["total"] == pytest.approx(took["extract"] + took["store"], abs=0.2)


def test_scores_and_totals_are_those_of_brute_force(client: FlaskClient, gallery: Gallery) -> None:
    query = image(1_000)
    truth = gallery.ranking(query)
    page = search(client, query, score=-1, pageSize=COUNT)
    assert page["total"] == COUNT
    assert [hit["score"] for hit in page["dataList"]] == pytest.approx([score for _, score in truth], abs=1e-5)
    assert paths(page)[:5] == [path for path, _ in truth[:5]]
    middle = (truth[29][1] + truth[30][1]) / 2
    assert search(client, query, score=middle)["total"] == 30


def test_without_parameters_ten_above_point_eight_are_shown(client: FlaskClient, gallery: Gallery) -> None:
    page = search(client, QUERY)
    assert page["total"] == sum(score >= 0.8 for _, score in gallery.ranking(QUERY))
    assert (page["page"], page["pageSize"]) == (1, 10)
    assert len(page["dataList"]) == min(10, page["total"])
    assert len(search(client, QUERY, score=-1)["dataList"]) == 10


def test_pages_neither_overlap_nor_leave_gaps(client: FlaskClient) -> None:
    pages = [search(client, QUERY, score=-1, page=page, pageSize=7) for page in range(1, 11)]
    shown = [path for page in pages for path in paths(page)]
    assert shown == paths(search(client, QUERY, score=-1, pageSize=COUNT))
    assert [len(page["dataList"]) for page in pages] == [7] * 8 + [4, 0]
    assert {page["total"] for page in pages} == {COUNT}


def test_a_search_without_hits_is_a_normal_answer(client: FlaskClient) -> None:
    page = search(client, image(4_321), score=1)
    assert (page["dataList"], page["total"], page["totalRelation"]) == ([], 0, "eq")


def test_parameters_are_read_from_wherever_they_are(subtests: pytest.Subtests, client: FlaskClient) -> None:
    for where in ["query string", "form", "json"]:
        with subtests.test(where):
            fields: dict[str, Any] = {"score": -0.5, "page": 2, "pageSize": 3, "mode": "ann", "includeVector": True}
            wanted = {"folder": ["0", "1"]}
            fields["filter"] = json.dumps(wanted)
            if where == "json":
                answer = client.post(SEARCH, json={"img": base64.b64encode(QUERY).decode(), **fields, "filter": wanted})
            elif where == "form":
                answer = client.post(SEARCH, data={"file": (io.BytesIO(QUERY), "x"), **texts(**fields)})
            else:
                answer = client.post(SEARCH, query_string=texts(**fields), data={"file": (io.BytesIO(QUERY), "x")})
            page = assert_success(answer)
            expected = search(client, QUERY, score=-0.5, pageSize=1_000)["dataList"]
            assert paths(page) == [hit["file_path"] for hit in expected if hit["metadata"]["folder"] in ("0", "1")][3:6]
            assert (page["page"], page["pageSize"]) == (2, 3)
            assert all("feature_vector" in hit for hit in page["dataList"])


def test_the_body_wins_over_the_query_string(client: FlaskClient) -> None:
    answer = client.post(f"{SEARCH}?pageSize=5&score=-1", data={"file": (io.BytesIO(QUERY), "x"), "pageSize": "2"})
    assert len(assert_success(answer)["dataList"]) == 2


def test_empty_parameters_count_as_absent(client: FlaskClient) -> None:
    empty = {"score": "", "page": "", "pageSize": "", "filter": "", "mode": "", "includeVector": "", "box": ""}
    assert paths(search(client, QUERY, **empty)) == paths(search(client, QUERY))


def test_vectors_come_only_when_asked_for(client: FlaskClient) -> None:
    assert "feature_vector" not in search(client, QUERY)["dataList"][0]
    assert "feature_vector" not in search(client, QUERY, includeVector="false")["dataList"][0]
    for yes in ("true", "True", "1"):
        vector = search(client, QUERY, includeVector=yes)["dataList"][0]["feature_vector"]
        assert np.allclose(vector, dummy_embedder().embed([QUERY])[0], rtol=1e-4, atol=1e-4)


def test_a_filter_confines_hits_and_total(client: FlaskClient, gallery: Gallery) -> None:
    page = search(client, QUERY, score=-1, pageSize=1_000, filter='{"folder": "2"}')
    assert page["total"] == len(page["dataList"]) == 20
    assert set(paths(page)) == {name for name in gallery.names if name.startswith("2/")}
    assert search(client, QUERY, score=-1, filter='{"folder": ["2"], "bytes": 1}')["total"] == 0
    assert search(client, QUERY, score=-1, filter="{}")["total"] == COUNT


def test_a_box_searches_with_that_part_of_the_image(client: FlaskClient) -> None:
    half = io.BytesIO()
    Image.open(io.BytesIO(QUERY)).crop((0, 0, 24, 48)).save(half, "PNG")
    boxed = search(client, QUERY, box="0,0,0.5,1", score=-1, pageSize=5)
    assert paths(boxed) == paths(search(client, half.getvalue(), score=-1, pageSize=5))
    assert paths(boxed) != paths(search(client, QUERY, score=-1, pageSize=5))


def test_base64_is_read_in_every_spelling(client: FlaskClient) -> None:
    text = base64.b64encode(QUERY).decode()
    spellings = (text, f"data:image/jpeg;base64,{text}", text.rstrip("="), base64.urlsafe_b64encode(QUERY).decode())
    for spelling in spellings:
        by_json = assert_success(client.post(SEARCH, json={"img": spelling}))
        by_form = assert_success(client.post(SEARCH, data={"img": spelling}))
        assert paths(by_json)[0] == paths(by_form)[0] == "1/0007.jpg"


def test_the_name_and_type_of_an_upload_do_not_matter(client: FlaskClient) -> None:
    for name, kind in (("../../etc/passwd", "text/plain"), ("", "image/png"), ("照片.txt", "application/octet-stream")):
        part = (io.BytesIO(QUERY), name or "x", kind)
        assert paths(assert_success(client.post(SEARCH, data={"file": part})))[0] == "1/0007.jpg"
