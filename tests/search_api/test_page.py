"""GET /: the page, with an index and without one, and what it may load."""

from pathlib import Path

from flask.testing import FlaskClient

from tests.search_api.conftest import MakeClient
from tests.search_api.gallery import COUNT


def test_the_page_says_how_many_images_there_are(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert f"{COUNT} images" in answer.text


def test_without_an_index_the_page_says_how_to_make_one(make_client: MakeClient, tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_text("no index at all" * 100)
    for name in ("missing.db", "bad.db"):
        answer = make_client(store_url=f"embedded://{tmp_path}/{name}").get("/")
        assert answer.status_code == 200
        assert "scripts.ingest" in answer.text


def test_the_page_may_load_only_what_is_its_own(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert (rules["script-src"], rules["style-src"], rules["connect-src"]) == ("'self'", "'self'", "'self'")
    assert set(rules["img-src"].split()) == {"'self'", "blob:"}


def test_what_the_page_loads_is_there(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "<script>" not in page
    for name, kind in (("search.js", "javascript"), ("style.css", "css")):
        assert f"/static/{name}" in page
        with client.get(f"/static/{name}") as answer:
            assert answer.status_code == 200
            assert kind in answer.headers["Content-Type"]
