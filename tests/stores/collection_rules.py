"""Contract: several collections beside one another, each with records and a fingerprint of its own."""

from collections.abc import Iterator
from contextlib import suppress

import pytest

from search_api.stores import collection_names, create_store, drop_store, open_store, swap_stores
from search_api.stores.base import Search, Store, StoreMissing, image_id
from search_api.stores.lazy import LazyStore
from search_api.stores.url import with_collection
from tests.stores.reader_rules import wait_until_at
from tests.stores.samples import DIM, FINGERPRINT, QUERY, at_cosine, record

_NAMES = ["north-wing", "North_wing", "north_wing", "1", "north-wing-2"]


class CollectionRules:
    """What is true of collections that one store URL leads to."""

    @pytest.fixture(autouse=True)
    def no_collection_stays(self, url: str) -> Iterator[None]:
        yield
        with suppress(StoreMissing):
            for name in collection_names(url):
                drop_store(with_collection(url, name))

    def test_names_that_look_alike_are_different_collections(self, store: Store, url: str) -> None:
        store.upsert([record("own.jpg")])
        store.publish()
        for index, name in enumerate(_NAMES):
            other = create_store(with_collection(url, name), FINGERPRINT, DIM)
            other.upsert([record(f"{index}/{number}.jpg") for number in range(index + 1)])
            other.publish()
            other.close()
        assert collection_names(url) == sorted(_NAMES)
        for index, name in enumerate(_NAMES):
            other = open_store(with_collection(url, name))
            assert {hit.file_path.split("/")[0] for hit in other.search(Search(QUERY)).hits} == {str(index)}
            assert other.count() == index + 1
            other.close()
        assert [hit.file_path for hit in store.search(Search(QUERY)).hits] == ["own.jpg"]

    def test_a_url_that_names_one_leads_to_the_others_too(self, url: str) -> None:
        one, two = with_collection(url, "one"), with_collection(url, "two")
        for name in (one, two):
            create_store(name, FINGERPRINT if name == one else "another model", DIM).close()
        assert collection_names(one) == ["two"]
        other = open_store(with_collection(one, "two"))
        assert other.fingerprint == "another model"
        other.close()
        assert with_collection(one, "default") == one

    def test_each_has_a_fingerprint_and_a_size_of_its_own(self, store: Store, url: str) -> None:
        other = create_store(with_collection(url, "other"), "another model", DIM + 1)
        assert (other.fingerprint, other.dim) == ("another model", DIM + 1)
        other.close()
        again = open_store(url)
        assert (again.fingerprint, again.dim) == (FINGERPRINT, DIM)
        again.close()

    def test_one_may_be_there_before_the_urls_own(self, url: str) -> None:
        other = create_store(with_collection(url, "other"), FINGERPRINT, DIM)
        other.close()
        with pytest.raises(StoreMissing):
            open_store(url)
        assert collection_names(url) == ["other"]
        create_store(url, "another model", DIM).close()
        own = open_store(url)
        assert own.fingerprint == "another model"
        own.close()

    def test_where_nothing_is_there_are_no_collections(self, url: str) -> None:
        assert collection_names(url) == []
        with pytest.raises(StoreMissing):
            open_store(with_collection(url, "other"))
        with pytest.raises(StoreMissing):
            drop_store(with_collection(url, "other"))

    def test_dropping_or_clearing_one_leaves_the_others_alone(self, store: Store, url: str) -> None:
        store.upsert([record("own.jpg")])
        store.publish()
        for name in ("one", "two"):
            other = create_store(with_collection(url, name), FINGERPRINT, DIM)
            other.upsert([record(f"{name}.jpg")])
            other.publish()
            other.close()
        drop_store(with_collection(url, "one"))
        two = open_store(with_collection(url, "two"))
        assert (two.clear(), store.count()) == (1, 1)
        two.close()
        assert collection_names(url) == ["two"]
        drop_store(url)
        assert collection_names(url) == ["two"]
        with pytest.raises(StoreMissing):
            open_store(url)

    def test_a_service_follows_a_collection_that_was_dropped_and_created_again(self, store: Store, url: str) -> None:
        name = with_collection(url, "other")
        create_store(name, FINGERPRINT, DIM).close()
        lazy = LazyStore(name)
        assert lazy.get().count() == 0
        drop_store(name)
        again = create_store(name, "another model", DIM)
        again.upsert([record("new.jpg")])
        again.publish()
        again.close()
        wait_until_at(lazy, "another model")
        assert [hit.file_path for hit in lazy.get().search(Search(QUERY)).hits] == ["new.jpg"]
        lazy.get().close()

    def test_two_of_one_url_are_swapped(self, store: Store, url: str) -> None:
        store.upsert([record("old.jpg", at_cosine(0.5))])
        store.publish()
        name = with_collection(url, "next")
        new = create_store(name, "another model", DIM)
        new.upsert([record("new.jpg")])
        new.publish()
        new.close()
        lazy = LazyStore(url)
        assert [one.id for one in lazy.get().get([image_id("old.jpg")])]
        swap_stores(url, name)
        wait_until_at(lazy, "another model")
        assert [hit.file_path for hit in lazy.get().search(Search(QUERY)).hits] == ["new.jpg"]
        old = open_store(name)
        assert (old.fingerprint, old.count()) == (FINGERPRINT, 1)
        old.close()
        lazy.get().close()
