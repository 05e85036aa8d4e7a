"""The index behind an alias: created once, however many create it; swapped and dropped with all that belongs to it."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from threading import Barrier

import pytest

from search_api.stores import create_store, drop_store, open_store, swap_stores
from search_api.stores.base import Store, StoreMissing
from search_api.stores.elastic.query_dsl import index_definition
from search_api.stores.lazy import LazyStore
from search_api.stores.url import BadStoreUrl
from tests.answers import assert_sentence
from tests.ingest.watching import wait_until
from tests.servers.meddling_proxy import Answer, Asked, Forward, MeddlingProxy
from tests.stores.elastic.raw import Raw, parsed
from tests.stores.processes import next_line, second_process
from tests.stores.samples import DIM, FINGERPRINT, record

_MAKERS = 4


def paths_in(url: str) -> set[str]:
    store = open_store(url)
    found = {one.file_path for one in store.scan(with_vectors=False)}
    store.close()
    return found


def made(url: str, *names: str, fingerprint: str = FINGERPRINT) -> str:
    """Create a collection with records at ``names``; return its URL."""
    store = create_store(url, fingerprint, DIM)
    store.upsert([record(name) for name in names])
    store.publish()
    store.close()
    return url


@pytest.mark.parametrize("turn", range(3))
def test_threads_that_create_at_the_same_moment_make_one_index(raw: Raw, url: str, name: str, turn: int) -> None:
    barrier = Barrier(_MAKERS)

    def create(number: int) -> Store:
        barrier.wait()
        return create_store(url, FINGERPRINT, DIM)

    with ThreadPoolExecutor(_MAKERS) as pool:
        stores = list(pool.map(create, range(_MAKERS)))
    for number, store in enumerate(stores):
        store.upsert([record(f"{number}.jpg")])
        store.publish()
        assert not store.stale
        store.close()
    assert len(raw.indices(name)) == 1
    assert raw.aliases(name) == [name, f"{raw.indices(name)[0]}.writes"]
    assert paths_in(url) == {f"{number}.jpg" for number in range(_MAKERS)}


def test_processes_that_create_at_the_same_moment_make_one_index(raw: Raw, url: str, name: str) -> None:
    with ExitStack() as stack:
        start = partial(second_process, "elastic.creating_process")
        makers = [stack.enter_context(start(number)) for number in range(_MAKERS)]
        assert [next_line(maker) for maker in makers] == ["ready"] * _MAKERS
        for turn in range(3):
            other = f"{url}-{turn}"
            for maker in makers:
                assert maker.stdin is not None
                maker.stdin.write(f"{other}\n")
                maker.stdin.flush()
            (index,) = {next_line(maker) for maker in makers}
            assert raw.indices(f"{name}-{turn}") == [index]
            assert paths_in(other) == {f"{number}.jpg" for number in range(_MAKERS)}


def test_dropping_leaves_neither_index_nor_alias(raw: Raw, url: str, name: str) -> None:
    made(url, "a.jpg")
    assert len(raw.indices(name)) == 1
    drop_store(url)
    assert raw.indices(name) == raw.aliases(name) == []
    with pytest.raises(StoreMissing):
        drop_store(url)


def test_an_index_whose_maker_died_goes_the_way_of_the_collection(raw: Raw, url: str, name: str) -> None:
    made(url, "a.jpg")
    made(f"{url}-next", "b.jpg")
    orphan = {**index_definition(parsed(url), FINGERPRINT, DIM, (8, 16)), "aliases": {name: {}}}
    raw.ask("PUT", f"{name}.orphan", orphan)
    assert paths_in(url) == {"a.jpg"}
    swap_stores(url, f"{url}-next")
    assert (paths_in(url), paths_in(f"{url}-next")) == ({"b.jpg"}, {"a.jpg"})
    drop_store(f"{url}-next")
    assert paths_in(url) == {"b.jpg"}
    drop_store(url)
    assert raw.indices(name) == []


def test_who_has_a_collection_open_goes_on_writing_to_it_after_a_swap(url: str) -> None:
    made(url, "a.jpg")
    made(f"{url}-next", "b.jpg", fingerprint="another:model")
    writer = open_store(url)
    swap_stores(url, f"{url}-next")
    writer.upsert([record("c.jpg")])
    writer.publish()
    assert (paths_in(url), paths_in(f"{url}-next")) == ({"b.jpg"}, {"a.jpg", "c.jpg"})
    wait_until(lambda: writer.stale)
    writer.close()


def test_a_service_follows_a_swap_and_a_drop(url: str) -> None:
    made(url, "a.jpg")
    made(f"{url}-next", "b.jpg", fingerprint="another:model")
    lazy = LazyStore(url)
    assert lazy.get().fingerprint == FINGERPRINT
    swap_stores(url, f"{url}-next")
    wait_until(lambda: lazy.get().fingerprint == "another:model")
    drop_store(f"{url}-next")
    assert lazy.get().count() == 1
    drop_store(url)
    wait_until(lambda: _is_missing(lazy))
    made(url, "c.jpg", "d.jpg")
    assert lazy.get().count() == 2
    lazy.get().close()


def _is_missing(lazy: LazyStore) -> bool:
    try:
        lazy.get()
    except StoreMissing:
        return True
    return False


def test_a_swap_needs_two_collections_and_changes_nothing_without(raw: Raw, url: str, name: str) -> None:
    made(url, "a.jpg")
    before = raw.aliases(name)
    for other in (f"{url}-next", f"{url}-none"):
        for pair in ((url, other), (other, url)):
            with pytest.raises(StoreMissing):
                swap_stores(*pair)
    for other in (url, f"{url}?timeout=5", f"embedded:///{name}.db"):
        with pytest.raises(BadStoreUrl) as caught:
            swap_stores(url, other)
        assert_sentence(str(caught.value))
    assert raw.aliases(name) == before
    assert paths_in(url) == {"a.jpg"}


def test_one_cluster_may_be_reached_in_two_ways_and_two_clusters_are_refused(
    url: str, proxy_url: str, proxy: MeddlingProxy
) -> None:
    made(url, "a.jpg")
    made(f"{url}-next", "b.jpg")
    swap_stores(url, f"{proxy_url}-next")
    assert (paths_in(url), paths_in(f"{url}-next")) == ({"b.jpg"}, {"a.jpg"})

    def of_another_cluster(asked: Asked, forward: Forward) -> Answer:
        answer = forward(asked)
        if asked.path != "/":
            return answer
        return replace(answer, body=json.dumps({**json.loads(answer.body), "cluster_uuid": "another"}).encode())

    proxy.meddle = of_another_cluster
    with pytest.raises(BadStoreUrl, match="within one cluster only"):
        swap_stores(url, f"{proxy_url}-next")
    assert paths_in(url) == {"b.jpg"}
