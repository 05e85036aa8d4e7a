"""Every failure of the search service that is not about a parameter, by its name and status, through HTTP."""

import logging
import sqlite3
from collections.abc import Callable
from json import JSONDecodeError
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from search_api.stores import create_store
from search_api.stores.embedded import database
from tests.answers import assert_failure
from tests.extractor.dummy import MODEL
from tests.ingest.album import image, put
from tests.search_api.conftest import MakeClient
from tests.search_api.embedding.fake_extractor import FakeExtractor, Reply, bad, good
from tests.search_api.gallery import Gallery, index
from tests.search_api.search.searching import post_image, search
from tests.servers.process import free_port

QUERY = image(7)


def test_a_route_that_is_not_there_is_not_found(client: FlaskClient) -> None:
    for path in ("/nowhere", "/searchByImage/", "/images/", "/jobs/", "/static/../app.py", "/images/a/b/c"):
        assert_failure(client.get(path), "not_found")


def test_another_method_is_not_allowed_and_the_right_one_is_named(client: FlaskClient) -> None:
    answer = client.get("/searchByImage")
    assert_failure(answer, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]
    assert_failure(client.put("/images/a"), "method_not_allowed")


def test_a_collection_of_another_model_is_a_mismatch(make_client: MakeClient, tmp_path: Path) -> None:
    url = f"embedded://{tmp_path}/other.db"
    create_store(url, "vgg16:0123:max:keras:224:24:float", MODEL.dim).close()
    assert "vgg16:0123" in assert_failure(post_image(make_client(store_url=url), QUERY), "model_mismatch")


def test_an_extractor_that_stays_busy_makes_the_search_busy(make_client: MakeClient) -> None:
    with FakeExtractor(bad("busy", 429, Retry_After="1")) as fake:
        answer = post_image(make_client(extractor_urls=[fake.url], deadline=0.3), QUERY)
    assert_failure(answer, "busy")
    assert answer.headers["Retry-After"] == "1"


def _nobody() -> str:
    return f"http://127.0.0.1:{free_port()}"


def test_an_extractor_that_is_away_is_unavailable(make_client: MakeClient) -> None:
    client = make_client(extractor_urls=[_nobody()], deadline=0.3)
    answer = post_image(client, QUERY)
    assert_failure(answer, "extractor_unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert_failure(client.get("/readyz"), "extractor_unavailable")


_NO_VECTOR = {
    "page": Reply(200, b"It works!"),
    "broken": Reply(500, b"Oh no"),
    "starting": bad("not_ready", 503),
    "later version": good(
        {"model": "a:model", "items": [{"error": "out_of_luck", "detail": "A later version says so."}]}
    ),
    "empty": good({"model": "a:model", "items": []}),
}


def test_an_extractor_that_gives_no_vector_is_unavailable(subtests: pytest.Subtests, make_client: MakeClient) -> None:
    for what, reply in _NO_VECTOR.items():
        with subtests.test(what):
            with FakeExtractor(reply) as fake:
                answer = post_image(make_client(extractor_urls=[fake.url], deadline=0.3), QUERY)
            assert_failure(answer, "extractor_unavailable")


def test_without_an_index_the_store_is_unavailable_until_there_is_one(
    make_client: MakeClient, gallery: Gallery, tmp_path: Path
) -> None:
    url = f"embedded://{tmp_path}/later.db"
    client = make_client(store_url=url)
    answers: list[Callable[[], Any]] = [
        lambda: post_image(client, QUERY),
        lambda: client.post("/searchById", json={"id": "x"}),
        lambda: client.get("/images/x"),
        lambda: client.get("/images/x/thumbnail"),
        lambda: client.get("/images"),
        lambda: client.delete("/images?confirm=0"),
    ]
    for answer in answers:
        assert "scripts.ingest" in assert_failure(answer(), "store_unavailable")
    assert client.get("/readyz").status_code == 200, "the first image may be added to it"
    index(gallery.root / "1", url)
    assert search(client, QUERY)["dataList"][0]["score"] == 1.0


def test_a_damaged_index_is_unavailable(make_client: MakeClient, tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_text("no index at all" * 100)
    client = make_client(store_url=f"embedded://{tmp_path}/bad.db")
    assert "backup" in assert_failure(post_image(client, QUERY), "store_unavailable")


def test_an_index_that_is_locked_for_too_long_is_a_timeout(
    make_client: MakeClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_LOCK_SECONDS", 0.1)
    path = tmp_path / "locked.db"
    create_store(f"embedded://{path}", "a:model", MODEL.dim).close()
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    answer = make_client(store_url=f"embedded://{path}").post("/searchById", json={"id": "x"})
    holder.close()
    assert_failure(answer, "store_timeout")


def test_an_error_of_the_service_itself_is_logged_and_not_shown(
    make_client: MakeClient, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path / "one", "a.jpg", QUERY)
    index(tmp_path / "one", f"embedded://{tmp_path}/odd.db")
    connection = sqlite3.connect(tmp_path / "odd.db", isolation_level=None)
    connection.execute("UPDATE images SET metadata = 'unforeseen'")
    connection.close()
    with caplog.at_level(logging.ERROR):
        answer = post_image(make_client(store_url=f"embedded://{tmp_path}/odd.db"), QUERY)
    detail = assert_failure(answer, "internal")
    assert "unforeseen" not in detail
    assert "JSON" not in detail
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [JSONDecodeError]
    assert answer.headers["X-Request-ID"] in {getattr(record, "request_id", "") for record in caplog.records}
