"""python -m scripts.index on Elasticsearch; what it does on every engine is in test_index.py and test_import.py."""

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from search_api.stores import open_store
from tests.running import run
from tests.scripts.test_index import COUNT, contents, fill
from tests.servers.process import Service
from tests.stores.urls import server_urls


@pytest.fixture
def url(elasticsearch: str) -> Iterator[str]:
    with server_urls(f"elasticsearch://{elasticsearch}") as make:
        yield make("cosine")


def info(url: str) -> dict[str, str]:
    lines = run("scripts.index", "info", "--store", url).stdout.splitlines()
    return dict(line.split(maxsplit=1) for line in lines)


def test_create_makes_the_shards_replicas_and_graph_that_the_url_asks_for(url: str, extractor: Service) -> None:
    options = "shards=3&replicas=2&m=24&ef_construction=150&metric=l2"
    done = run("scripts.index", "create", "--store", f"{url}?{options}", "--extractor", extractor.url)
    assert done.returncode == 0, done.stderr
    rows = info(url)
    assert (rows["shards"], rows["replicas"], rows["metric"], rows["images"]) == ("3", "2", "l2", "0")
    assert rows["graph"] == "type=hnsw m=24 ef_construction=150"


def test_info_says_version_index_size_mapping_and_fingerprint(url: str) -> None:
    fill(url)
    rows, name = info(url), url.rpartition("/")[2]
    assert rows["images"] == str(COUNT)
    assert rows["fingerprint"] == "a model"
    assert rows["engine"].startswith(("elasticsearch 8.", "elasticsearch 9."))
    assert rows["index"].startswith(f"{name}.")
    assert name in rows["aliases"]
    assert int(rows["bytes"]) > 0
    assert "feature_vector dense_vector" in rows["fields"]
    assert "metadata flattened" in rows["fields"]


def test_nothing_is_dropped_without_a_yes_and_no_password_is_shown(url: str) -> None:
    fill(url)
    done = run("scripts.index", "drop", "--store", url.replace("//", "//someone:secret@"))
    assert done.returncode == 2
    assert f"{COUNT} images" in done.stderr
    assert "//***@" in done.stderr
    assert "secret" not in done.stderr
    assert len(contents(url)) == COUNT


def test_clear_keeps_the_index_and_drop_leaves_nothing(url: str, elasticsearch: str) -> None:
    fill(url)
    assert f"deleted {COUNT} images" in run("scripts.index", "clear", "--yes", "--store", url).stdout
    assert contents(url) == {}
    store = open_store(url)
    assert store.fingerprint == "a model"
    store.close()
    assert run("scripts.index", "drop", "--yes", "--store", url).returncode == 0
    with Elasticsearch(f"http://{elasticsearch}") as client:
        name = url.rpartition("/")[2]
        assert dict(client.indices.get(index=f"{name}*")) == {}
        assert dict(client.indices.get_alias(name=f"{name}*")) == {}


def test_what_is_not_there_or_does_not_answer_is_said_in_one_sentence(url: str) -> None:
    done = run("scripts.index", "info", "--store", url)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "There is no such index" in done.stderr
    done = run("scripts.index", "info", "--store", "elasticsearch://127.0.0.1:1/images")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "cannot be reached" in done.stderr
