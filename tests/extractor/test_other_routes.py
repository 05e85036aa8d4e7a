"""GET /model, /healthz, /readyz, and who may call from a browser."""

import pytest
from flask.testing import FlaskClient

from tests.answers import assert_success
from tests.extractor.conftest import Serve
from tests.extractor.dummy import FINGERPRINT

PAGE = "https://shop.example"


def test_the_model_is_described_as_the_contract_lists(client: FlaskClient) -> None:
    answer = client.get("/model")
    model = assert_success(answer)
    names = "name dim fingerprint size pooling preprocessing precision engine weights suggestedThreshold"
    assert set(model) == set(names.split())
    assert model["fingerprint"] == str(FINGERPRINT) == answer.headers["X-Model-Fingerprint"]


def test_a_living_service_says_so(client: FlaskClient) -> None:
    assert assert_success(client.get("/healthz")) == {"status": "alive"}
    assert assert_success(client.get("/readyz")) == {"status": "ready"}


def test_chinese_text_is_sent_as_it_is(client: FlaskClient) -> None:
    assert "请求成功".encode() in client.get("/healthz").data


@pytest.mark.parametrize("path", ["/model", "/healthz", "/openapi.json"])
def test_any_page_may_read_without_credentials(client: FlaskClient, path: str) -> None:
    headers = client.get(path, headers={"Origin": PAGE}).headers
    assert headers["Access-Control-Allow-Origin"] in ("*", PAGE)
    assert "Access-Control-Allow-Credentials" not in headers


def test_a_page_may_see_the_fingerprint_and_the_request_id(client: FlaskClient) -> None:
    exposed = client.get("/model", headers={"Origin": PAGE}).headers["Access-Control-Expose-Headers"]
    assert {"X-Model-Fingerprint", "X-Request-ID"} <= {name.strip() for name in exposed.split(",")}


def test_a_page_may_send_json(client: FlaskClient) -> None:
    asked = {
        "Origin": PAGE,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "Content-Type",
    }
    answer = client.options("/calFeatureVector", headers=asked)
    assert answer.status_code == 200
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert answer.headers["Access-Control-Allow-Headers"].lower() == "content-type"


def test_a_failure_can_be_read_by_a_page_too(client: FlaskClient) -> None:
    answer = client.post("/calFeatureVector", json={}, headers={"Origin": PAGE})
    assert answer.status_code == 400
    assert answer.headers["Access-Control-Allow-Origin"] in ("*", PAGE)


@pytest.mark.parametrize("allowed", [PAGE, f"https://other.example,{PAGE}", f"https://other.example, {PAGE}"])
def test_the_setting_narrows_it_to_named_pages(serve: Serve, allowed: str) -> None:
    client = serve(cors_origins=allowed)
    assert client.get("/model", headers={"Origin": PAGE}).headers["Access-Control-Allow-Origin"] == PAGE
    for stranger in ("https://evil.example", f"{PAGE}.evil.example", "null"):
        assert "Access-Control-Allow-Origin" not in client.get("/model", headers={"Origin": stranger}).headers
