"""Contract: several handles, threads and processes on one collection, and collections that are not the expected one."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from search_api.stores import create_store, drop_store, open_store, swap_stores
from search_api.stores.base import ModelMismatch, Search, Store, StoreMissing, StoreUnavailable, image_id
from search_api.stores.lazy import LazyStore
from search_api.stores.url import BadStoreUrl
from tests.stores.processes import ask, next_line, second_process
from tests.stores.samples import DIM, FINGERPRINT, QUERY, at_cosine, record
from tests.stores.urls import MakeUrl

_BATCHES, _SIZE = 15, 20
_STALE_SECONDS = 10.0


def names(store: Store, search: Search | None = None) -> list[str]:
    return [hit.file_path for hit in store.search(search or Search(QUERY, limit=100)).hits]


def wait_until_stale(store: Store) -> None:
    deadline = time.monotonic() + _STALE_SECONDS
    while not store.stale:
        assert time.monotonic() < deadline, "the change stayed unseen"
        time.sleep(0.05)


def wait_until_at(service: LazyStore, fingerprint: str) -> None:
    """Wait until the service's store, which checks now and then, leads to the collection of ``fingerprint``."""
    deadline = time.monotonic() + _STALE_SECONDS
    while service.get().fingerprint != fingerprint:
        assert time.monotonic() < deadline, "the change stayed unseen"
        time.sleep(0.05)


class ReaderRules:
    """What readers see of what a writer does."""

    def test_another_handle_sees_what_was_published(self, store: Store, url: str) -> None:
        reader = open_store(url)
        assert names(reader) == []
        store.upsert([record("a.jpg"), record("b.jpg", at_cosine(0.5))])
        store.publish()
        assert names(reader) == names(store) == ["a.jpg", "b.jpg"]
        store.upsert([record("a.jpg", at_cosine(0.1))])
        store.delete(ids=[image_id("b.jpg")])
        store.upsert([record("c.jpg")])
        store.publish()
        assert names(reader) == names(store) == ["c.jpg", "a.jpg"]
        store.clear()
        store.publish()
        assert names(reader) == names(store) == []
        reader.close()

    def test_another_process_sees_what_was_published_without_a_restart(self, store: Store, url: str) -> None:
        with second_process("reading_process", url) as reader:
            assert json.loads(ask(reader)) == [0]
            for count in range(1, 4):
                store.upsert([record(f"{count}.jpg", at_cosine(count / 4))])
                store.publish()
                assert json.loads(ask(reader)) == [count, f"{count}.jpg"]

    def test_one_process_writes_while_another_reads(self, store: Store, url: str) -> None:
        with second_process("writing_process", url, _BATCHES, _SIZE) as writer:
            seen, published = 0, 0
            while line := next_line(writer):
                word, batch = line.split()
                published += _SIZE * (word == "published")
                total = store.search(Search(QUERY)).total
                assert published <= total <= _BATCHES * _SIZE, line
                assert total >= seen, "what a search has seen stays"
                seen = total
            assert (batch, published, seen) == (str(_BATCHES - 1), _BATCHES * _SIZE, _BATCHES * _SIZE)

    def test_deletions_that_are_not_published_never_break_a_search(self, store: Store, url: str) -> None:
        reader = open_store(url)
        store.upsert([record(f"{number:02}.jpg", at_cosine(1 - number / 50), kind="x") for number in range(40)])
        store.publish()
        assert len(names(reader)) == 40
        store.delete(ids=[image_id(f"{number:02}.jpg") for number in range(0, 40, 2)])
        kept = {f"{number:02}.jpg" for number in range(1, 40, 2)}
        for wanted in ({}, {"kind": ["x"]}):
            found = names(reader, Search(QUERY, limit=100, filter=wanted))
            assert kept <= set(found)
            assert len(found) == len(set(found))
        reader.close()

    def test_a_replacement_that_is_not_published_hides_nothing(self, store: Store, url: str) -> None:
        reader = open_store(url)
        store.upsert([record("a.jpg", at_cosine(0.9), kind="x"), record("b.jpg", at_cosine(0.8), kind="x")])
        store.publish()
        assert names(reader) == ["a.jpg", "b.jpg"]
        store.upsert([record("a.jpg", at_cosine(0.7), kind="x")])
        assert sorted(names(reader, Search(QUERY, filter={"kind": ["x"]}))) == ["a.jpg", "b.jpg"]
        assert sorted(names(reader)) == ["a.jpg", "b.jpg"]
        reader.close()

    def test_many_threads_get_consistent_answers_while_one_writes(self, store: Store) -> None:
        begun = published = 0
        stop = threading.Event()

        def search(turn: int) -> int:
            rounds = 0
            while not stop.is_set() or not rounds:
                before = published
                found = store.search(
                    Search(QUERY, threshold=0.0, offset=turn, filter={"kind": ["x"]} if turn % 2 else {})
                )
                assert before <= found.total <= begun
                assert len(found.hits) == max(0, min(10, found.total - turn))
                assert len({hit.id for hit in found.hits}) == len(found.hits)
                rounds += 1
            return rounds

        with ThreadPoolExecutor(6) as pool:
            searches = [pool.submit(search, turn) for turn in range(6)]
            try:
                for batch in range(30):
                    begun += 10
                    store.upsert([record(f"{batch}/{n}.jpg", at_cosine(n / 10), kind="x") for n in range(10)])
                    store.upsert([record(f"{batch // 2}/{n}.jpg", at_cosine(n / 10), kind="x") for n in range(10)])
                    store.publish()
                    published += 10
            finally:
                stop.set()
            assert all(done.result() > 0 for done in searches)
        assert store.search(Search(QUERY)).total == 300

    def test_a_collection_that_is_not_there_is_missing(self, url: str) -> None:
        with pytest.raises(StoreMissing, match=r"\.$"):
            open_store(url)
        create_store(url, FINGERPRINT, DIM).close()
        open_store(url).close()

    def test_creating_again_opens_what_is_there(self, store: Store, url: str) -> None:
        store.upsert([record("a.jpg")])
        store.publish()
        again = create_store(url, FINGERPRINT, DIM)
        assert (again.count(), again.fingerprint, again.dim, again.metric) == (1, FINGERPRINT, DIM, "cosine")
        again.close()

    def test_a_collection_of_another_model_or_metric_is_refused(self, store: Store, url: str) -> None:
        with pytest.raises(ModelMismatch, match=r"another:model.*\.$"):
            create_store(url, "another:model", DIM)
        with pytest.raises(ModelMismatch, match=r"metric cosine, not l2\.$"):
            create_store(f"{url}?metric=l2", FINGERPRINT, DIM)
        store.expect(FINGERPRINT)
        with pytest.raises(ModelMismatch):
            store.expect(FINGERPRINT + "x")

    def test_a_metric_is_kept_with_the_collection(self, make_url: MakeUrl) -> None:
        url = make_url("l2")
        create_store(url, FINGERPRINT, DIM).close()
        reader = open_store(url)
        assert reader.metric == "l2"
        reader.close()

    def test_a_dropped_collection_is_noticed(self, store: Store, url: str) -> None:
        store.ping()
        assert not store.stale
        drop_store(url)
        wait_until_stale(store)
        with pytest.raises(StoreUnavailable):
            store.ping()
        with pytest.raises(StoreMissing):
            open_store(url)
        create_store(url, FINGERPRINT, DIM).close()
        assert store.stale

    def test_two_collections_change_places(self, make_url: MakeUrl) -> None:
        urls = [make_url("cosine"), make_url("cosine")]
        contents = {"model:1": ["a.jpg"], "model:2": ["b.jpg", "c.jpg"]}
        for url, (fingerprint, paths) in zip(urls, contents.items(), strict=True):
            store = create_store(url, fingerprint, DIM)
            store.upsert([record(path) for path in paths])
            store.publish()
            store.close()
        for expected in (["model:2", "model:1"], ["model:1", "model:2"]):
            open_before, service = open_store(urls[0]), LazyStore(urls[0])
            assert service.get().fingerprint == open_before.fingerprint != expected[0]
            swap_stores(*urls)
            wait_until_stale(open_before)
            with pytest.raises(StoreUnavailable):
                open_before.ping()
            open_before.close()
            wait_until_at(service, expected[0])
            assert sorted(names(service.get())) == contents[expected[0]]
            service.get().close()
            for url, fingerprint in zip(urls, expected, strict=True):
                store = open_store(url)
                assert (store.fingerprint, sorted(names(store))) == (fingerprint, contents[fingerprint])
                store.close()

    def test_a_collection_changes_places_with_another_one_only(self, make_url: MakeUrl) -> None:
        url, other = make_url("cosine"), make_url("cosine")
        create_store(url, FINGERPRINT, DIM).close()
        for pair in ((url, other), (other, url)):
            with pytest.raises(StoreMissing):
                swap_stores(*pair)
        with pytest.raises(BadStoreUrl):
            swap_stores(url, url)
        open_store(url).close()
