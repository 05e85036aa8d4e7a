"""The smallest roles: each is enough for its work, each of its privileges is needed, and what it lacks is said."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import pytest

from search_api.stores import create_store, drop_store, open_store, swap_stores
from search_api.stores.base import Search, StoreMissing, image_id
from tests.stores.elastic.secure import INGESTING, MANAGING, SEARCHING, Secure, role
from tests.stores.refusals import refusal
from tests.stores.samples import DIM, FINGERPRINT, QUERY, record
from tests.stores.uses import ALL, READING, WRITING

_NO_RIGHT = "This user is not allowed to do that in Elasticsearch"


@dataclass(frozen=True)
class Urls:
    """Store URLs of one key: of a collection that is there, and of two names where nothing is yet."""

    there: str
    new: str
    next: str


def search(urls: Urls) -> None:
    """What the search service does."""
    store = open_store(urls.there)
    for use in READING.values():
        use(store)
    store.close()


def ingest(urls: Urls) -> None:
    """What an ingest does with a collection that is there."""
    search(urls)
    store = create_store(urls.there, FINGERPRINT, DIM)
    store.upsert([record("c.jpg"), record("d.jpg")])
    assert store.delete(ids=[image_id("c.jpg")]) == 1
    store.publish()
    assert store.search(Search(QUERY)).total == store.count() >= 1
    store.clear()
    store.close()


def manage(urls: Urls) -> None:
    """What creating, reindexing and dropping does."""
    for url in (urls.new, urls.next):
        create_store(url, FINGERPRINT, DIM).close()
    ingest(Urls(urls.new, "", ""))
    swap_stores(urls.new, urls.next)
    drop_store(urls.next)
    store = open_store(urls.new)
    assert store.details()["shards"] == 1
    store.close()
    drop_store(urls.new)


_ROLES: Mapping[str, tuple[list[str], Callable[[Urls], None]]] = {
    "searching": (SEARCHING, search),
    "ingesting": (INGESTING, ingest),
    "managing": (MANAGING, manage),
}


def urls_of(secure: Secure, collection: str, role: dict[str, object]) -> Urls:
    key = partial(secure.url, login="", api_key=secure.make_key(role))
    return Urls(key(collection), key(f"{collection}-new"), key(f"{collection}-next"))


@pytest.mark.parametrize(("privileges", "work"), _ROLES.values(), ids=_ROLES)
def test_a_role_is_enough_and_each_privilege_is_needed(
    secure: Secure, collection: str, privileges: list[str], work: Callable[[Urls], None]
) -> None:
    work(urls_of(secure, collection, role(privileges)))
    smaller = [role([one for one in privileges if one != excluded]) for excluded in privileges]
    for less in (*smaller, role(privileges, cluster=[])):
        refusal(partial(work, urls_of(secure, collection, less)), _NO_RIGHT)
        for leftover in ("new", "next"):
            with suppress(StoreMissing):
                drop_store(secure.url(f"{collection}-{leftover}"))


def test_a_reader_cannot_write(secure: Secure, collection: str) -> None:
    secure.make_user("reader", "a secret", role(SEARCHING))
    store = open_store(secure.url(collection, login="reader:a secret"))
    for use in READING.values():
        use(store)
    assert not store.stale
    for write in WRITING.values():
        refusal(partial(write, store), _NO_RIGHT, secret="a secret")
    assert store.search(Search(QUERY)).total == 2
    store.close()


@pytest.mark.parametrize("privileges", [SEARCHING, INGESTING, MANAGING])
def test_a_role_ends_at_its_names(secure: Secure, collection: str, privileges: list[str]) -> None:
    elsewhere = role(privileges, names="other*")
    url = secure.url_by_key(collection, elsewhere)
    for use in (partial(open_store, url), partial(create_store, url, FINGERPRINT, DIM), partial(drop_store, url)):
        refusal(use, _NO_RIGHT)


def test_who_may_write_another_collection_only_gets_no_record_into_this_one(secure: Secure, collection: str) -> None:
    both = role(SEARCHING)
    both["indices"] += role(MANAGING, names="other*")["indices"]
    store = open_store(secure.url_by_key(collection, both))
    for name in ("upsert", "delete", "clear"):
        refusal(partial(ALL[name], store), _NO_RIGHT)
    assert store.search(Search(QUERY)).total == 2
    store.close()


def test_the_size_of_a_collection_takes_a_right_of_its_own(secure: Secure, collection: str) -> None:
    store = open_store(secure.url_by_key(collection, role(SEARCHING)))
    refusal(store.details, _NO_RIGHT)
    store.close()
    store = open_store(secure.url_by_key(collection, role([*SEARCHING, "monitor"])))
    assert store.details()["shards"] == 1
    store.close()
