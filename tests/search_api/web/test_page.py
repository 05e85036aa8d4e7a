"""GET /: the shell of the page, in which language, with which config, and what it may load; GET /page.json."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from search_api.images.paths import UPLOADS
from search_api.jobs.job import ENDED, RESUMABLE
from search_api.search.query import DEFAULT_SCORE
from search_api.stores.base import MAX_DEPTH
from tests.answers import assert_failure, assert_success
from tests.paths import ROOT
from tests.search_api.conftest import MAX_BYTES, MakeClient
from tests.search_api.gallery import COUNT

MAX_WEIGHT = 150_000


def config_of(page: str) -> Any:
    found = re.search(r'<script type="application/json" id="config">(.*?)</script>', page)
    assert found is not None
    return json.loads(found[1])


def loaded(page: str) -> set[str]:
    """What the page loads beside itself."""
    return set(re.findall(r'(?:src|href)="(static/[^"]+)"', page))


def test_the_page_says_how_many_images_there_are(client: FlaskClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    assert f"{COUNT} images" in answer.text
    assert config_of(answer.text)["images"] == COUNT


def test_without_an_index_the_page_says_how_to_make_one(make_client: MakeClient, tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_text("no index at all" * 100)
    for name in ("missing.db", "bad.db"):
        answer = make_client(store_url=f"embedded://{tmp_path}/{name}").get("/")
        assert answer.status_code == 200
        assert "scripts.ingest" in answer.text


@pytest.mark.parametrize("collection", ["none-such", "no name", "x" * 99, ""])
def test_a_collection_that_is_not_there_does_not_break_the_page(client: FlaskClient, collection: str) -> None:
    assert client.get("/", query_string={"collection": collection}).status_code == 200


def test_the_page_speaks_the_readers_language(client: FlaskClient) -> None:
    assert '<html lang="en">' in client.get("/").text
    assert '<html lang="en">' in client.get("/", headers={"Accept-Language": "fr,de;q=0.5"}).text
    chinese = client.get("/", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"})
    assert '<html lang="zh-CN">' in chinese.text
    assert f"{COUNT} 张图片" in chinese.text
    assert {"Accept-Language", "Cookie"} <= set(chinese.headers["Vary"].split(", "))


def test_a_language_that_was_chosen_is_kept(client: FlaskClient) -> None:
    assert '<html lang="zh-CN">' in client.get("/?lang=zh").text
    assert '<html lang="zh-CN">' in client.get("/").text
    assert '<html lang="zh-CN">' in client.get("/?lang=xx").text
    assert '<html lang="en">' in client.get("/?lang=en").text
    assert '<html lang="en">' in client.get("/", headers={"Accept-Language": "zh"}).text


def test_the_config_has_the_services_limits(client: FlaskClient, make_client: MakeClient) -> None:
    config = config_of(client.get("/").text)
    assert (config["maxBytes"], config["maxDepth"], config["needsKey"]) == (MAX_BYTES, MAX_DEPTH, False)
    assert 1 <= config["batchFiles"] <= 8
    assert config_of(make_client(api_key="a key").get("/").text)["needsKey"] is True


def test_the_config_has_the_table_of_search_parameters(client: FlaskClient) -> None:
    parameters = {one["name"]: one for one in config_of(client.get("/").text)["parameters"]}
    assert parameters["score"] == {"name": "score", "kind": "number", "default": DEFAULT_SCORE}
    assert parameters.keys() >= {"distance", "filter", "mode", "excludeSelf", "collapse"}
    assert all(one.keys() == {"name", "kind", "default"} for one in parameters.values())


def test_the_config_has_the_states_of_jobs_and_the_folder_of_uploads(client: FlaskClient) -> None:
    config = config_of(client.get("/").text)
    assert config["jobStates"] == {"ended": list(ENDED), "resumable": list(RESUMABLE)}
    assert config["uploadFolder"] == UPLOADS


def test_the_config_is_given_as_json_too(client: FlaskClient, make_client: MakeClient, tmp_path: Path) -> None:
    assert assert_success(client.get("/page.json")) == config_of(client.get("/").text)
    assert assert_success(client.get("/page.json?collection=none-such"))["images"] == 0
    assert_failure(client.get("/page.json", query_string={"collection": "no name"}), "bad_parameter")
    (tmp_path / "bad.db").write_text("no index at all" * 100)
    away = make_client(store_url=f"embedded://{tmp_path}/bad.db")
    assert assert_success(away.get("/page.json"))["images"] is None


def test_the_page_may_load_only_what_is_its_own(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert (rules["script-src"], rules["style-src"], rules["connect-src"]) == ("'self'", "'self'", "'self'")
    assert set(rules["img-src"].split()) == {"'self'", "blob:"}
    assert (rules["base-uri"], rules["form-action"], rules["frame-ancestors"]) == ("'none'", "'none'", "'none'")


def test_what_the_page_loads_is_there_and_light(client: FlaskClient) -> None:
    page = client.get("/").text
    assert not re.search(r"<script(?! type=)|<style|\son\w+=", page)
    files = loaded(page)
    assert files >= {f"static/{path.name}" for path in (ROOT / "search_api" / "web" / "static").iterdir()}
    weight = len(page.encode())
    for name in files:
        with client.get(f"/{name}") as answer:
            assert answer.status_code == 200
            assert answer.headers["ETag"]
            kind = {"js": "javascript", "css": "css", "svg": "svg"}[name.rpartition(".")[2]]
            assert kind in answer.headers["Content-Type"]
            weight += len(answer.data)
    print(f"the page weighs {weight} bytes without images")
    assert weight <= MAX_WEIGHT


def test_no_module_writes_markup() -> None:
    for path in (ROOT / "search_api" / "web" / "static").glob("*.js"):
        assert not re.search("innerHTML|outerHTML|insertAdjacentHTML|document.write|eval[(]", path.read_text()), path


def test_what_a_client_sends_cannot_end_the_pages_script(client: FlaskClient) -> None:
    page = client.get("/?collection=</script><script>alert(1)</script>").text
    assert "alert(1)" not in page
