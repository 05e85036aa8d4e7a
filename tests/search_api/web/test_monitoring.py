"""How a running service is watched: health, metrics, request ids, and which pages may call it."""

import logging
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.answers import assert_success
from tests.ingest.album import image
from tests.search_api.conftest import MakeClient
from tests.search_api.embedding.fake_extractor import FakeExtractor, good
from tests.search_api.gallery import COUNT
from tests.search_api.search.searching import post_image, search
from tests.servers.process import free_port

QUERY = image(7)


def metrics(client: FlaskClient) -> dict[str, float]:
    lines = client.get("/metrics").text.splitlines()
    pairs = [line.rsplit(" ", 1) for line in lines if not line.startswith("#")]
    return {name: float(value) for name, value in pairs}


def test_the_metrics_of_the_contract_are_there(client: FlaskClient) -> None:
    search(client, QUERY)
    client.post("/searchById", json={"id": "nope"})
    client.get("/no/such/route")
    found = metrics(client)
    assert found["search_images"] == COUNT
    assert found['search_requests_total{route="/searchByImage",status="200"}'] == 1
    assert found['search_requests_total{route="/searchById",status="404"}'] == 1
    assert found['search_requests_total{route="unknown",status="404"}'] == 1
    for stage in ("extract", "store", "total"):
        assert found[f'search_seconds_count{{stage="{stage}"}}'] == 1


def test_routes_are_counted_by_their_pattern_and_not_by_their_ids(client: FlaskClient) -> None:
    for id_ in ("a", "b", "c"):
        client.get(f"/images/{id_}")
    found = metrics(client)
    assert found['search_requests_total{route="/images/<id_>",status="404"}'] == 3


def test_metrics_work_without_an_index(make_client: MakeClient, tmp_path: Path) -> None:
    found = metrics(make_client(store_url=f"embedded://{tmp_path}/missing.db"))
    assert found["search_images"] != found["search_images"], "not a number: unknown"


def test_a_service_is_alive_without_store_and_extractor_and_ready_only_with_both(
    make_client: MakeClient, client: FlaskClient, tmp_path: Path
) -> None:
    lonely = make_client(store_url=f"embedded://{tmp_path}/no.db", extractor_urls=[f"http://127.0.0.1:{free_port()}"])
    assert assert_success(lonely.get("/healthz")) == {"status": "alive"}
    assert lonely.get("/readyz").status_code == 503
    assert assert_success(client.get("/readyz")) == {"status": "ready"}


def test_a_service_is_ready_before_anything_is_indexed(make_client: MakeClient, tmp_path: Path) -> None:
    new = make_client(store_url=f"embedded://{tmp_path}/no.db")
    assert assert_success(new.get("/readyz")) == {"status": "ready"}
    (tmp_path / "no.db").write_text("something else")
    assert new.get("/readyz").status_code == 503


def test_a_request_id_travels_to_the_extractor_and_back(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    with FakeExtractor(good({"model": "a:model", "items": []})) as fake, caplog.at_level(logging.INFO, "request"):
        client = make_client(extractor_urls=[fake.url])
        fields = {"data": {"img": "AAAA"}, "headers": {"X-Request-ID": "query-17.a_b"}}
        answer = client.post("/searchByImage", **fields)
        invented = post_image(client, QUERY).headers["X-Request-ID"]
    assert answer.headers["X-Request-ID"] == answer.get_json()["requestId"] == "query-17.a_b"
    assert [asked.headers["X-Request-ID"] for asked in fake.asked] == ["query-17.a_b", invented]
    logged = [record.__dict__["fields"]["request_id"] for record in caplog.records]
    assert logged == ["query-17.a_b", invented]


def test_a_request_id_that_is_not_sane_is_replaced(client: FlaskClient) -> None:
    for strange in ("a b", "<script>", "x" * 65, "ü", ""):
        given = client.get("/healthz", headers={"X-Request-ID": strange}).headers["X-Request-ID"]
        assert given != strange
        assert len(given) == 32


def test_pages_of_any_origin_may_read_without_credentials(client: FlaskClient) -> None:
    answer = client.post("/searchById", json={"id": "x"}, headers={"Origin": "https://shop.example"})
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", "https://shop.example")
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert "X-Request-ID" in answer.headers["Access-Control-Expose-Headers"]
    asked = {"Origin": "https://shop.example", "Access-Control-Request-Method": "POST"}
    may_ask = client.options("/searchByImage", headers=asked)
    assert may_ask.headers["Access-Control-Allow-Origin"] in ("*", "https://shop.example")
    assert "POST" in may_ask.headers["Access-Control-Allow-Methods"]


def test_origins_can_be_narrowed(make_client: MakeClient) -> None:
    client = make_client(cors_origins="https://shop.example,https://other.example")
    for origin in ("https://shop.example", "https://other.example"):
        answer = client.get("/healthz", headers={"Origin": origin})
        assert answer.headers["Access-Control-Allow-Origin"] == origin
    assert (
        "Access-Control-Allow-Origin" not in client.get("/healthz", headers={"Origin": "https://evil.example"}).headers
    )


def test_the_log_holds_neither_image_nor_vector(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, "request"):
        client.post("/searchByVector?vector=AAAA", json={"vector": [0.123456] * 24})
    (record,) = [record for record in caplog.records if record.name == "request"]
    assert "0.123" not in str(record.__dict__)
    assert "AAAA" not in str(record.__dict__)
    assert record.__dict__["fields"]["path"] == "/searchByVector"
