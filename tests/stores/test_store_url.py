"""Store URLs: what each names, and one sentence for whatever cannot be."""

from pathlib import Path

import pytest

from search_api.stores import create_store, drop_store, open_store
from search_api.stores.url import BadStoreUrl, ElasticUrl, EmbeddedUrl, parse_store_url, without_secrets
from tests.answers import assert_sentence

_REFUSED = {
    "": "is not a store",
    "images.db": "is not a store",
    "/folder/images.db": "is not a store",
    "sqlite:///images.db": "is not a store",
    "postgresql://host/base": "is not a store",
    "elasticsearch://user:secret@host:9200": "'' is no name for an index",
    "elasticsearch://host/Images": "'Images' is no name for an index",
    "elasticsearch://host/images/more": "'images/more' is no name for an index",
    "elasticsearch://host/_all": "'_all' is no name for an index",
    "elasticsearch://host/a,b": "'a,b' is no name for an index",
    "elasticsearch:///images": "'' is no host",
    "elasticsearch://one,,two/images": "'' is no host",
    "elasticsearch://host:99999/images": "'host:99999' is no host",
    "elasticsearch://host:port/images": "'host:port' is no host",
    "elasticsearch://user:secret@ho st/images": "'ho st' is no host",
    "elasticsearch://[::1/images": "is not a store",
    "elasticsearch://user:secret@host/images?api_key=k": "two ways to get in",
    "elasticsearch://host/images?ca=/file": "goes with elasticsearch\\+https",
    "elasticsearch://host/images?shards=0": "shards is a whole number from 1 to 1024, not '0'",
    "elasticsearch://host/images?replicas=-1": "replicas is a whole number from 0 to 100, not '-1'",
    "elasticsearch://host/images?m=1": "m is a whole number from 2 to 512",
    "elasticsearch://host/images?ef_construction=99999": "ef_construction is a whole number from 1 to 10000",
    "elasticsearch://host/images?timeout=soon": "timeout is a whole number from 1 to 3600",
    "elasticsearch://host/images?metric=dot": "metric is one of cosine, l2",
    "elasticsearch://host/images?fast=1&apikey=secret": "no option apikey, fast",
    "elasticsearch://user:pa/secret@host:9200/images": "Percent-encode",
    "elasticsearch://user:pa?secret@host:9200/images": "Percent-encode",
    "elasticsearch://us@er:secret@ho..st/images": "'ho..st' is no host",
    f"elasticsearch://{'a' * 64}/images": "is no host",
    "elasticsearch://host/images?api_key=%0Asecret": "api_key is an encoded key",
    "elasticsearch://host/images?api_key=secret%C3%BC": "api_key is an encoded key",
    "elastic://us@er:se/secret@host/images?apiKey=secret": "is not a store",
    "elastic://user:secret@host/images?api_key=secret": "is not a store",
    "milvus://host:19530/collection": "The milvus store is not built yet",
    "milvus:///path/file.db": "The milvus store is not built yet",
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


@pytest.mark.parametrize("url", _REFUSED)
def test_a_url_that_is_not_one_of_a_store_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(BadStoreUrl, match=_REFUSED[url]) as caught:
        parse_store_url(url)
    assert_sentence(str(caught.value))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("use", [open_store, drop_store, lambda url: create_store(url, "a:model", 4)])
def test_every_way_to_a_store_reads_the_url(use: object) -> None:
    assert callable(use)
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


def test_what_is_shown_of_a_url_gives_nobody_access() -> None:
    url = "elasticsearch://me:secret@one,two/images?api_key=secret&shards=2"
    assert without_secrets(url) == "elasticsearch://***@one,two/images?api_key=***&shards=2"
    read = parse_store_url("elasticsearch://me:secret@one,two/images")
    assert isinstance(read, ElasticUrl)
    assert read.shown == "http://one:9200, http://two:9200, index images"
    assert "secret" not in repr(read)
    assert without_secrets("embedded:///a:b@c/images.db") == "embedded:///a:b@c/images.db"
