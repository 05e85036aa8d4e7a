"""A server that dies, hangs or is locked: what upsert returned from stays, failures have names, and all goes on."""

import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from search_api.stores import create_store, open_store
from search_api.stores.base import Search, Store, StoreTimeout, StoreUnavailable
from search_api.stores.lazy import LazyStore
from tests.answers import assert_sentence
from tests.ingest.watching import wait_until
from tests.servers.certificates import Certificate
from tests.servers.milvus import PASSWORD, USER, Milvus
from tests.stores.refusals import refusal
from tests.stores.samples import DIM, FINGERPRINT, QUERY, digest, record
from tests.stores.uses import ALL

_BATCH = 300


@pytest.fixture
def server(milvus_server: Milvus) -> Iterator[Milvus]:
    """The server that all share: whatever becomes of it, it runs in the end."""
    yield milvus_server
    if not milvus_server.runs:
        milvus_server.start()


@pytest.fixture
def url(server: Milvus, name: str) -> str:
    return f"milvus://{server.address}/{name}"


@dataclass(frozen=True)
class Away:
    """A ``server`` that was stopped, and a collection of it that was open, in a ``store`` and in a ``service``."""

    server: Milvus
    url: str
    store: Store
    service: LazyStore


@pytest.fixture(scope="module")
def away(milvus_server: Milvus) -> Iterator[Away]:
    """The server that all share, stopped once for all tests that need it away, because its start takes long."""
    url = f"milvus://{milvus_server.address}/images_{secrets.token_hex(4)}"
    store, service = create_store(url, FINGERPRINT, DIM), LazyStore(url)
    store.upsert([record("one.jpg")])
    store.publish()
    assert service.get().count() == 1
    milvus_server.stop()
    yield Away(milvus_server, url, store, service)
    if not milvus_server.runs:
        milvus_server.start()
    store.close()
    service.get().close()


def answers(use: Callable[[], object]) -> bool:
    try:
        use()
    except (StoreUnavailable, StoreTimeout):
        return False
    return True


def test_a_killed_server_has_all_that_upsert_returned_from(server: Milvus, url: str) -> None:
    store = create_store(url, FINGERPRINT, DIM)
    written: list[int] = []
    enough = threading.Event()

    def write() -> None:
        number = 0
        while True:
            batch = [record(f"{number}/{index}.jpg", batch=number) for index in range(_BATCH)]
            try:
                store.upsert(batch)
            except (StoreUnavailable, StoreTimeout):
                return
            written.append(number)
            number += 1
            if number == 20:
                enough.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert enough.wait(60)
    server.kill()
    writer.join()
    server.start()
    wait_until(lambda: answers(store.publish))  # by the handle that was open all the time
    wait_until(lambda: answers(lambda: store.search(Search(QUERY))))
    found = [int(one.metadata["batch"]) for one in store.scan(with_vectors=False)]
    assert {number for number in written if found.count(number) != _BATCH} == set()
    assert set(found) <= {*written, len(written)}
    assert store.search(Search(QUERY, 0.9)).total == store.count() == len(found)
    assert store.by_sha256([digest("3/7.jpg")])[0].file_path == "3/7.jpg"
    store.close()


def test_a_server_that_hangs_is_waited_for_as_long_as_the_url_says(server: Milvus, url: str) -> None:
    create_store(url, FINGERPRINT, DIM).close()
    store = open_store(f"{url}?timeout=2")
    with server.hanging():
        for name in ("search", "upsert", "count"):
            with pytest.raises(StoreTimeout) as caught:
                ALL[name](store)
            assert_sentence(str(caught.value))
        with pytest.raises((StoreTimeout, StoreUnavailable)):
            open_store(url)
    wait_until(lambda: answers(lambda: store.search(Search(QUERY))))
    store.close()


def test_everything_fails_with_a_sentence_while_the_server_is_away(away: Away) -> None:
    for use in ALL.values():
        refusal(partial(use, away.store), "cannot be reached")
    refusal(lambda: open_store(away.url), "cannot be reached")
    assert not away.store.stale


def test_a_server_that_asks_for_a_password_lets_in_who_has_it(away: Away, tmp_path: Path) -> None:
    certificate = Certificate.make(tmp_path / "ours")
    other = Certificate.make(tmp_path / "theirs")
    trusting = f"?ca={certificate.certificate}"
    assert not away.server.runs, "there can be one server at a time"
    with Milvus(tmp_path, secure=True, certificate=certificate) as secure:
        address = f"{secure.address}/images"
        for login in ("", f"{USER}:wrong%20horse@", "nobody:Milvus@"):
            refusal(
                partial(open_store, f"milvus+https://{login}{address}{trusting}"),
                "does not accept the user or password",
                secret="wrong horse",
            )
        login = f"{USER}:{PASSWORD}@"
        refusal(partial(open_store, f"milvus+https://{login}{address}?ca={tmp_path}/none.pem"), "There is no file")
        refusal(
            partial(open_store, f"milvus+https://{login}{address}?ca={certificate.key}"),
            "not a readable PEM certificate",
        )
        for untrusted in ("", f"?ca={other.certificate}"):
            words = r"cannot be reached .* name its certificate authority with \?ca=FILE"
            refusal(partial(open_store, f"milvus+https://{login}{address}{untrusted}"), words)
        store = create_store(f"milvus+https://{login}{address}{trusting}", FINGERPRINT, DIM)
        store.upsert([record("a.jpg")])
        store.publish()
        assert store.search(Search(QUERY)).total == 1
        assert PASSWORD not in f"{store.details()}".replace("milvus", "")
        store.close()


def test_everything_goes_on_after_the_server_was_away(away: Away) -> None:
    store, service = away.store, away.service
    away.server.start()
    wait_until(lambda: answers(lambda: service.get().search(Search(QUERY))))
    assert service.get().search(Search(QUERY)).total == 1
    store.upsert([record("two.jpg")])
    store.publish()
    assert service.get().search(Search(QUERY)).total == 2
    assert service.get() is service.get()
