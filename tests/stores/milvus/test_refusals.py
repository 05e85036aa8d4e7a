"""What cannot be done is refused by name, in one sentence that gives no secret away."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from pymilvus import MilvusClient

from search_api.stores import create_store, drop_store, open_store, swap_stores
from search_api.stores.base import BadQuery, BadRecord, Search, Store, StoreMissing
from search_api.stores.milvus.schema import ABOUT, collection_schema
from search_api.stores.url import BadStoreUrl, with_collection
from tests.answers import assert_sentence
from tests.stores.refusals import not_refused, refusal
from tests.stores.samples import DIM, FINGERPRINT, QUERY, record


def _create(url: str) -> Store:
    return create_store(url, FINGERPRINT, DIM)


_USES: Mapping[str, Callable[[str], object]] = {"open": open_store, "create": _create, "drop": drop_store}


@pytest.fixture
def client(milvus: str, name: str) -> Iterator[MilvusClient]:
    """The server itself, past everything of ours; a collection at the place of ours is gone in the end."""
    client = MilvusClient(f"http://{milvus}", dedicated=True)
    yield client
    client.drop_collection(name)
    client.close()


def test_a_collection_of_others_is_left_alone(milvus: str, name: str, client: MilvusClient) -> None:
    client.create_collection(name, dimension=DIM)
    assert not_refused(_USES, f"milvus://{milvus}/{name}", "was not made by an image search") == {}
    assert client.has_collection(name)


def test_a_copy_of_ours_that_is_no_alias_is_left_alone(milvus: str, name: str, client: MilvusClient) -> None:
    client.create_collection(name, schema=collection_schema(DIM), properties={ABOUT: "{}"})
    assert not_refused(_USES, f"milvus://{milvus}/{name}", "was not made by an image search") == {}
    assert client.has_collection(name)


@pytest.mark.parametrize("note", ['{"version": 2}', '{"version": 1, "fingerprint": "a", "metric": "l2"}'])
def test_a_collection_that_is_not_as_it_was_created_is_refused(
    milvus: str, name: str, client: MilvusClient, note: str
) -> None:
    index = MilvusClient.prepare_index_params()
    index.add_index("vector", index_type="FLAT", metric_type="COSINE")
    own = f"{name}__00000000"
    client.create_collection(own, schema=collection_schema(DIM), index_params=index, properties={ABOUT: note})
    client.create_alias(own, name)
    refusal(lambda: open_store(f"milvus://{milvus}/{name}"), "update it|vector's index differ")
    drop_store(f"milvus://{milvus}/{name}")


def test_a_server_that_is_not_there_is_noticed_at_once() -> None:
    assert not_refused(_USES, "milvus://me:correct%20horse@127.0.0.1:1/images", "cannot be reached") == {}


def test_something_else_at_the_address_is_no_milvus(dumb_address: str) -> None:
    refusal(lambda: open_store(f"milvus://{dumb_address}/images"), "cannot be reached|is not Milvus")


def test_what_milvus_cannot_keep_is_refused_before_anything_is_written(any_store: Store) -> None:
    good = record("good.jpg")
    spoilt = {
        "too short": record("spoilt.jpg", QUERY * np.float32(1e-20)),
        "too long for Milvus": record("spoilt.jpg", QUERY * np.float32(1e20)),
        "its metadata is too long": record("spoilt.jpg", text="x" * 65_001),
        "its path is too long": record("spoilt.jpg" + "x" * 65_535),
    }
    for words, one in spoilt.items():
        with pytest.raises(BadRecord, match=words) as caught:
            any_store.upsert([good, one])
        assert_sentence(str(caught.value).replace("...", ""))
    assert any_store.count() == 0
    any_store.upsert([record("long.jpg" + "x" * 60_000, text="x" * 60_000)])
    assert any_store.count() == 1


def test_a_file_refuses_more_values_of_a_key_than_it_can_look_through(file: Path) -> None:
    store = create_store(f"milvus://{file}", FINGERPRINT, DIM)
    store.upsert([record("a.jpg", kind="7")])
    assert store.search(Search(QUERY, filter={"kind": [str(number) for number in range(1_000)]})).total == 1
    with pytest.raises(BadQuery, match=r"1,001 values of 'kind'; a file of milvus-lite allows 1,000 per key") as caught:
        store.search(Search(QUERY, filter={"kind": [str(number) for number in range(1_001)]}))
    assert_sentence(str(caught.value))
    store.close()


def test_a_folder_or_file_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "file.db").write_text("something else")
    (tmp_path / "folder.db").mkdir()
    (tmp_path / "folder.db" / "photo.jpg").write_text("something else")
    for name in ("file.db", "folder.db"):
        assert not_refused(_USES, f"milvus://{tmp_path}/{name}", "is not a file of milvus-lite") == {}
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file.db", "folder.db", "photo.jpg"]


def test_looking_for_a_file_does_not_make_it(file: Path) -> None:
    for use in (open_store, drop_store):
        with pytest.raises(StoreMissing):
            use(f"milvus://{file}")
    assert not file.exists()


def test_a_folder_that_cannot_be_created_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refusal(lambda: _create(f"milvus://{tmp_path}/file/images.db"), "cannot be created")


def test_collections_of_two_servers_or_files_do_not_change_places(url: str, tmp_path: Path) -> None:
    files = [f"milvus://{tmp_path}/{name}.db" for name in "ab"]
    pairs = [(url, files[0]), (files[0], files[1]), (url, url), (url, f"embedded://{tmp_path}/c.db")]
    for pair in pairs:
        with pytest.raises(BadStoreUrl) as caught:
            swap_stores(*pair)
        assert_sentence(str(caught.value))


def test_a_name_beside_it_that_is_no_alias_is_no_sibling(milvus: str, name: str, client: MilvusClient) -> None:
    url = f"milvus://{milvus}/{name}"
    client.create_collection(f"{name}_other", dimension=DIM)
    refusal(lambda: open_store(with_collection(url, "other")), "was not made by an image search")
    client.drop_collection(f"{name}_other")
