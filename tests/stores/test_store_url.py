"""Store URLs: what each names, and one sentence for whatever cannot be."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from search_api.stores import collection_names, create_store, drop_store, open_store
from search_api.stores.elastic.url import ElasticUrl
from search_api.stores.embedded.url import EmbeddedUrl
from search_api.stores.milvus.url import MilvusUrl
from search_api.stores.url import (
    BadStoreUrl,
    StoreUrl,
    check_collection_name,
    parse_store_url,
    with_metric,
    without_secrets,
)
from tests.answers import assert_sentence

_REFUSED = {
    "": "is not a store",
    "images.db": "is not a store",
    "/folder/images.db": "is not a store",
    "sqlite:///images.db": "is not a store",
    "postgresql://host/base": "is not a store",
    "elasticsearch://user:secret@host:9200": "'' is not a valid index name",
    "elasticsearch://host/Images": "'Images' is not a valid index name",
    "elasticsearch://host/images/more": "'images/more' is not a valid index name",
    "elasticsearch://host/_all": "'_all' is not a valid index name",
    "elasticsearch://host/a,b": "'a,b' is not a valid index name",
    "elasticsearch:///images": "'' is not a valid host",
    "elasticsearch://one,,two/images": "'' is not a valid host",
    "elasticsearch://host:99999/images": "'host:99999' is not a valid host",
    "elasticsearch://host:port/images": "'host:port' is not a valid host",
    "elasticsearch://user:secret@ho st/images": "'ho st' is not a valid host",
    "elasticsearch://[::1/images": "is not a store",
    "elasticsearch://user:secret@host/images?api_key=k": "two ways to log in",
    "elasticsearch://host/images?ca=/file": "use it with elasticsearch\\+https",
    "elasticsearch://host/images?shards=0": "shards is a whole number from 1 to 1024, not '0'",
    "elasticsearch://host/images?replicas=-1": "replicas is a whole number from 0 to 100, not '-1'",
    "elasticsearch://host/images?m=1": "m is a whole number from 2 to 512",
    "elasticsearch://host/images?ef_construction=99999": "ef_construction is a whole number from 1 to 10000",
    "elasticsearch://host/images?timeout=soon": "timeout is a whole number from 1 to 3600",
    "elasticsearch://host/images?metric=dot": "metric is one of cosine, l2",
    "elasticsearch://host/images?fast=1&apikey=secret": "no option apikey, fast",
    "elasticsearch://user:pa/secret@host:9200/images": "percent-encode",
    "elasticsearch://user:pa?secret@host:9200/images": "percent-encode",
    "elasticsearch://us@er:secret@ho..st/images": "'ho..st' is not a valid host",
    f"elasticsearch://{'a' * 64}/images": "is not a valid host",
    "elasticsearch://host/images?api_key=%0Asecret": "api_key is an encoded key",
    "elasticsearch://host/images?api_key=secret%C3%BC": "api_key is an encoded key",
    "elastic://us@er:se/secret@host/images?apiKey=secret": "is not a store",
    "elastic://user:secret@host/images?api_key=secret": "is not a store",
    "milvus://host:19530": "'' is not a valid name for a Milvus collection",
    "milvus://user:secret@host:19530/": "'' is not a valid name for a Milvus collection",
    "milvus://host/my-images": "'my-images' is not a valid name for a Milvus collection",
    "milvus://host/1st": "'1st' is not a valid name for a Milvus collection",
    "milvus://host/images/more": "'images/more' is not a valid name for a Milvus collection",
    "milvus://one,two/images": "'one,two' is not a valid host",
    "milvus://user:secret@ho st/images": "'ho st' is not a valid host",
    "milvus://user:pa/secret@host:19530/images": "percent-encode",
    "milvus://host/images?index=ivf": "index is one of flat, hnsw, not 'ivf'",
    "milvus://host/images?index=": "index is one of flat, hnsw, not ''",
    "milvus://host/images?m=16": "Options of a graph \\(m\\) need index=hnsw",
    "milvus://host/images?m=8&ef_construction=99": "Options of a graph \\(ef_construction, m\\) need",
    "milvus://host/images?index=hnsw&m=2": "m is a whole number from 4 to 64",
    "milvus://host/images?index=hnsw&ef_construction=999": "ef_construction is a whole number from 8 to 512",
    "milvus://host/images?ca=/file": "use it with milvus\\+https",
    "milvus:///images.db?ca=/file": "use it with milvus\\+https",
    "milvus://host/images?timeout=0": "timeout is a whole number from 1 to 3600",
    "milvus://host/images?metric=ip": "metric is one of cosine, l2",
    "milvus://host/images?shards=2&apikey=secret": "no option apikey, shards",
    "milvus:///images": "a file whose name ends in .db",
    "milvus:///folder/.db": "a file whose name ends in .db",
    "milvus:///user:secret@host/images": "a file whose name ends in .db",
    "milvus+https:///folder/images.db": "a file whose name ends in .db",
    "milvus:": "a file whose name ends in .db",
    "milvus:images.db": "a file whose name ends in .db",
    "milvus:///images.db?metrik=l2": "no option metrik",
    "embedded:": "names no file",
    "embedded://": "names no file",
    "embedded:///": "names no file",
    "embedded://images.db": "names no file",
    "embedded://folder/images.db": "names no file",
    "embedded:///images.db?metric=": "metric is one of cosine, l2",
    "embedded:///images.db?metric=dot": "metric is one of cosine, l2",
    "embedded:///images.db?metrik=l2": "no option metrik",
    "embedded:///images.db?metric=l2&shards=3&ef=5": "no option ef, shards",
    "embedded:///images.db?fast": "no option fast",
}


def refusal_of(text: str, use: Callable[[str], object] = parse_store_url) -> str:
    """Return the sentence with which ``use`` refuses ``text``, empty where it is taken."""
    try:
        use(text)
    except BadStoreUrl as error:
        return str(error)
    return ""


def test_a_url_that_is_not_one_of_a_store_is_refused_with_a_sentence() -> None:
    said = {url: refusal_of(url) for url in _REFUSED}
    assert {url: sentence for url, sentence in said.items() if not re.search(_REFUSED[url], sentence)} == {}
    assert {url: sentence for url, sentence in said.items() if "secret" in sentence} == {}
    for sentence in said.values():
        assert_sentence(sentence)


def test_every_way_to_a_store_reads_the_url() -> None:
    for use in (open_store, drop_store, collection_names, lambda url: create_store(url, "a:model", 4)):
        with pytest.raises(BadStoreUrl):
            use("embedded://images.db")


@pytest.mark.parametrize(
    ("url", "read"),
    {
        "embedded:///data/images.db": EmbeddedUrl(Path("/data/images.db"), "cosine"),
        "embedded:///data/images.db?metric=cosine": EmbeddedUrl(Path("/data/images.db"), "cosine"),
        "embedded:///data/images.db?metric=l2": EmbeddedUrl(Path("/data/images.db"), "l2"),
        "EMBEDDED:///data/Images.DB": EmbeddedUrl(Path("/data/Images.DB"), "cosine"),
        "embedded:///my photos/Größe 50% #1.db?metric=l2": EmbeddedUrl(Path("/my photos/Größe 50% #1.db"), "l2"),
    }.items(),
)
def test_a_url_names_a_file_as_it_is_written_and_a_metric(url: str, read: EmbeddedUrl) -> None:
    assert parse_store_url(url) == read


@pytest.mark.parametrize(
    ("url", "read"),
    {
        "elasticsearch://host/images": ElasticUrl(("http://host:9200",), "images"),
        "elasticsearch+https://one:9201,two,[::1]:9203/my-images_2?ca=/etc/ca.pem": ElasticUrl(
            ("https://one:9201", "https://two:9200", "https://[::1]:9203"), "my-images_2", ca=Path("/etc/ca.pem")
        ),
        "elasticsearch://me:p%40ss%2F:%25@host/i": ElasticUrl(
            ("http://host:9200",), "i", user="me", password="p@ss/:%"
        ),
        "elasticsearch://host/i?api_key=aWQ6a2V5PT0%3D": ElasticUrl(("http://host:9200",), "i", api_key="aWQ6a2V5PT0="),
        "elasticsearch://host/i?metric=l2&shards=3&replicas=2&m=32&ef_construction=200&timeout=5": ElasticUrl(
            ("http://host:9200",), "i", "l2", shards=3, replicas=2, m=32, ef_construction=200, timeout=5
        ),
    }.items(),
)
def test_a_url_names_hosts_an_index_how_to_get_in_and_how_it_is_created(url: str, read: ElasticUrl) -> None:
    assert parse_store_url(url) == read


@pytest.mark.parametrize(
    ("url", "read"),
    {
        "milvus://host/images": MilvusUrl("http://host:19530", "images"),
        "milvus+https://[::1]:443/_My_images2?ca=/etc/ca.pem": MilvusUrl(
            "https://[::1]:443", "_My_images2", ca=Path("/etc/ca.pem")
        ),
        "milvus://me:p%40ss%2F:%25@host:1/i": MilvusUrl("http://host:1", "i", user="me", password="p@ss/:%"),
        "milvus://host/i?metric=l2&index=hnsw&m=32&ef_construction=300&timeout=5": MilvusUrl(
            "http://host:19530", "i", "l2", index="hnsw", m=32, ef_construction=300, timeout=5
        ),
        "milvus:///my photos/Größe 50% #1@home.db?metric=l2": MilvusUrl(
            "", "images", "l2", file=Path("/my photos/Größe 50% #1@home.db")
        ),
        "MILVUS:///Images.db?index=flat": MilvusUrl("", "images", file=Path("/Images.db")),
    }.items(),
)
def test_a_url_names_a_collection_of_a_milvus_server_or_a_file_of_milvus_lite(url: str, read: MilvusUrl) -> None:
    assert parse_store_url(url) == read


_BESIDE = {
    "embedded:///data/images.db?metric=l2": EmbeddedUrl(Path("/data/images.db"), "l2", "summer-of_24"),
    "elasticsearch://me:pass@host/images?shards=2": ElasticUrl(
        ("http://host:9200",), "images-summer-of_24", user="me", password="pass", shards=2
    ),
    "milvus://me:pass@host/images?timeout=5": MilvusUrl(
        "http://host:19530", "images_summer__of_24", user="me", password="pass", timeout=5
    ),
    "milvus:///data/images.db": MilvusUrl("", "images_summer__of_24", file=Path("/data/images.db")),
}


@pytest.mark.parametrize(("url", "beside"), _BESIDE.items())
def test_a_collection_beside_another_has_all_of_its_url_but_the_name(url: str, beside: StoreUrl) -> None:
    assert parse_store_url(url).sibling("summer-of_24") == beside


@pytest.mark.parametrize("url", _BESIDE)
def test_collections_of_different_names_never_share_a_place(url: str) -> None:
    names = ("a", "a-b", "a_b", "a-b-c", "a_b-c", "a-b_c", "a_b_c", "ab")
    assert len({parse_store_url(url).sibling(name) for name in names}) == len(names)


def test_a_name_that_not_every_engine_takes_is_refused() -> None:
    names = ["", "-", "-a", "a_", "a--b", "a_-b", "a b", "a/b", "a,b", "a.b", "..", "ü", "a\n", "a" * 65]
    for check in (check_collection_name, *(parse_store_url(url).sibling for url in _BESIDE)):
        said = {name: refusal_of(name, check) for name in names}
        assert [name for name in names if "is not a valid collection name" not in said[name]] == []
        for sentence in said.values():
            assert_sentence(sentence)
        check("a" * 64)


def test_a_metric_is_added_to_a_url_that_names_none() -> None:
    assert with_metric("milvus:///images.db", "l2") == "milvus:///images.db?metric=l2"
    assert with_metric("milvus://host/i?timeout=5", "l2") == "milvus://host/i?timeout=5&metric=l2"
    assert with_metric("embedded:///images.db?metric=cosine", "l2") == "embedded:///images.db?metric=cosine"


def test_what_is_displayed_of_a_url_gives_no_access() -> None:
    url = "elasticsearch://me:secret@one,two/images?api_key=secret&shards=2"
    assert without_secrets(url) == "elasticsearch://***@one,two/images?api_key=***&shards=2"
    read = parse_store_url("elasticsearch://me:secret@one,two/images")
    assert isinstance(read, ElasticUrl)
    assert read.display_name == "http://one:9200, http://two:9200, index images"
    assert "secret" not in repr(read)
    milvus = parse_store_url("milvus://me:secret@host/images")
    assert isinstance(milvus, MilvusUrl)
    assert milvus.display_name == "http://host:19530, collection images"
    assert "secret" not in repr(milvus)
    assert without_secrets("milvus://me:secret@host/images") == "milvus://***@host/images"
    assert without_secrets("embedded:///a:b@c/images.db") == "embedded:///a:b@c/images.db"
