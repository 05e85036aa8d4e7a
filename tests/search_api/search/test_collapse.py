"""``collapse``: near-copies are folded into the best of them, whatever page they would be on."""

from typing import Any

import numpy as np
import pytest
from flask.testing import FlaskClient

from search_api.search.collapse import DEPTH
from search_api.stores import create_store
from search_api.stores.base import Record, image_id
from tests.answers import assert_failure, assert_success
from tests.extractor.dummy import FINGERPRINT, MODEL
from tests.search_api.conftest import MakeClient

_COUNT = 300
_GROUPS = 40

Groups = list[tuple[str, list[str]]]  # the path of each kept hit, and those of its copies


@pytest.fixture(scope="module")
def vectors() -> "np.ndarray[Any, np.dtype[np.float32]]":
    """Clouds of vectors: many pairs within one are near each other, and some are not."""
    random = np.random.default_rng(5)
    middles = random.normal(size=(_GROUPS, MODEL.dim))
    rows = middles[random.integers(0, _GROUPS, _COUNT)] + 0.35 * random.normal(size=(_COUNT, MODEL.dim))
    return np.asarray(rows, np.float32)


@pytest.fixture
def clouds(make_client: MakeClient, new_url: str, vectors: "np.ndarray[Any, np.dtype[np.float32]]") -> FlaskClient:
    """A client of a service that has indexed the vectors."""
    store = create_store(new_url, str(FINGERPRINT), MODEL.dim)
    names = [f"{number}.jpg" for number in range(len(vectors))]
    metadata = [{"parity": number % 2} for number in range(len(vectors))]
    rows = zip(names, vectors, metadata, strict=True)
    store.upsert([Record(image_id(name), name, f"{0:064}", vector, noted) for name, vector, noted in rows])
    store.publish()
    store.close()
    return make_client(store_url=new_url)


def greedy(vectors: Any, query: Any, least: float, collapse: float) -> Groups:
    """Return the hits best first; one that is near an earlier kept hit joins the first such hit."""
    rows = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    scores = rows @ (query / np.linalg.norm(query))
    kept: dict[int, list[str]] = {}
    for place in np.argsort(-scores):
        if scores[place] < least:
            break
        near = [one for one in kept if rows[one] @ rows[place] >= collapse]
        if near:
            kept[near[0]].append(f"{place}.jpg")
        else:
            kept[int(place)] = []
    return [(f"{place}.jpg", copies) for place, copies in kept.items()]


def ask(client: FlaskClient, query: Any, **fields: object) -> Any:
    asked = {"vector": query.tolist(), "score": -1, "pageSize": 1000, **fields}
    return assert_success(client.post("/searchByVector", json=asked))


def groups(page: Any) -> Groups:
    return [(hit["file_path"], [copy["file_path"] for copy in hit["collapsed"]]) for hit in page["dataList"]]


def test_hits_collapse_as_by_brute_force(subtests: pytest.Subtests, clouds: FlaskClient, vectors: Any) -> None:
    for collapse in [0.5, 0.8, 0.9, 0.95, 1.0]:
        with subtests.test(collapse=collapse):
            for query, least in ((vectors[3], -1), (vectors[100], 0.3), (vectors.mean(axis=0), 0.0)):
                page = ask(clouds, query, collapse=collapse, score=least)
                expected = greedy(vectors.astype(np.float64), query.astype(np.float64), least, collapse)
                assert groups(page) == expected
                assert (page["total"], page["totalRelation"]) == (len(expected), "eq")
                assert [hit["similar"] for hit in page["dataList"]] == [len(copies) for _, copies in expected]


def test_a_collapsed_hit_has_its_id_path_and_score(clouds: FlaskClient, vectors: Any) -> None:
    scores = {hit["id"]: hit["score"] for hit in ask(clouds, vectors[3])["dataList"]}
    hits = ask(clouds, vectors[3], collapse=0.8)["dataList"]
    assert any(hit["similar"] for hit in hits)
    for hit in hits:
        for copy in hit["collapsed"]:
            assert copy == {
                "id": image_id(copy["file_path"]),
                "file_path": copy["file_path"],
                "score": scores[copy["id"]],
            }
            assert copy["score"] <= hit["score"]


def test_without_collapse_every_hit_is_listed(clouds: FlaskClient, vectors: Any) -> None:
    page = ask(clouds, vectors[3])
    assert page["total"] == len(page["dataList"]) == _COUNT
    assert not any({"similar", "collapsed"} & hit.keys() for hit in page["dataList"])


def test_pages_neither_overlap_nor_leave_gaps(clouds: FlaskClient, vectors: Any) -> None:
    whole = groups(ask(clouds, vectors[3], collapse=0.8))
    pages = []
    for number in range(1, len(whole) // 7 + 3):
        page = ask(clouds, vectors[3], collapse=0.8, page=number, pageSize=7)
        assert page["total"] == len(whole)
        pages += groups(page)
    assert pages == whole
    shown = [path for kept, copies in pages for path in (kept, *copies)]
    assert sorted(shown) == sorted(f"{number}.jpg" for number in range(_COUNT))


def test_collapse_works_with_a_filter_and_with_exclude_self(clouds: FlaskClient, vectors: Any) -> None:
    page = ask(clouds, vectors[3], collapse=0.8, filter={"parity": 1})
    assert all(int(path.removesuffix(".jpg")) % 2 for kept, copies in groups(page) for path in (kept, *copies))
    asked = {"id": image_id("3.jpg"), "excludeSelf": True, "collapse": 0.8, "score": -1, "pageSize": 1000}
    page = assert_success(clouds.post("/searchById", json=asked))
    shown = [path for kept, copies in groups(page) for path in (kept, *copies)]
    assert sorted(shown) == sorted(f"{number}.jpg" for number in range(_COUNT) if number != 3)


def test_beyond_the_depth_of_collapse_the_total_is_a_lower_bound(make_client: MakeClient, new_url: str) -> None:
    rows = np.random.default_rng(1).normal(size=(DEPTH + 1, MODEL.dim)).astype(np.float32)
    store = create_store(new_url, str(FINGERPRINT), MODEL.dim)
    names = [f"{number}.jpg" for number in range(len(rows))]
    store.upsert([Record(image_id(n), n, f"{0:064}", row, {}) for n, row in zip(names, rows, strict=True)])
    store.publish()
    client = make_client(store_url=new_url)
    page = ask(client, rows[0], collapse=1.0, pageSize=10)
    assert (page["total"], page["totalRelation"]) == (DEPTH, "gte")
    store.delete(ids=[image_id(names[5])])
    store.publish()
    store.close()
    page = ask(client, rows[0], collapse=1.0, pageSize=10)
    assert (page["total"], page["totalRelation"]) == (DEPTH, "eq")


def test_a_collapse_that_is_not_a_cosine_is_refused(subtests: pytest.Subtests, clouds: FlaskClient) -> None:
    for value in ["-0.1", "1.1", "x", "nan", "true"]:
        with subtests.test(value):
            answer = clouds.post("/searchByVector", data={"vector": "AAAA", "collapse": value})
            assert "collapse" in assert_failure(answer, "bad_parameter")
