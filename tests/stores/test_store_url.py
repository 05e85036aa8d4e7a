"""Store URLs: what each names, and one sentence for whatever cannot be."""

from pathlib import Path

import pytest

from search_api.stores import create_store, drop_store, open_store
from search_api.stores.url import BadStoreUrl, EmbeddedUrl, parse_store_url
from tests.answers import assert_sentence

_REFUSED = {
    "": "is not a store",
    "images.db": "is not a store",
    "/folder/images.db": "is not a store",
    "sqlite:///images.db": "is not a store",
    "postgresql://host/base": "is not a store",
    "elasticsearch://user:pass@host:9200/index": "The elasticsearch store is not built yet",
    "elasticsearch+https://host:9200/index?api_key=k": "The elasticsearch\\+https store is not built yet",
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
