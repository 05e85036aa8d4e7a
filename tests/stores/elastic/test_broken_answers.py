"""What answers is not Elasticsearch, or not as it should: a sentence each time, and all is well again afterwards."""

import json
import threading
from collections.abc import Callable
from functools import partial

import pytest

from search_api.stores import create_store, open_store
from search_api.stores.base import Search, Store, StoreMissing, StoreTimeout, StoreUnavailable
from search_api.stores.elastic.errors import translate_errors
from tests.answers import assert_sentence
from tests.servers.meddling_proxy import Answer, Asked, Forward, MeddlingProxy, pass_on
from tests.servers.process import free_port
from tests.stores.elastic.meddling import elastic, failing, instead
from tests.stores.samples import DIM, FINGERPRINT, QUERY, record
from tests.stores.uses import ALL, READING

_PAGE = {"Content-Type": "text/html"}
_PUBLISHED = [record("a.jpg"), record("b.jpg")]
_ANSWERS = {
    "a page": (Answer(200, b"<html>\nLog in</html>", _PAGE), "is not Elasticsearch 8 or 9"),
    "JSON of others": (Answer(200, b"{}", {"Content-Type": "application/json"}), "is not Elasticsearch 8 or 9"),
    "nothing": (Answer(204, b""), "is not Elasticsearch 8 or 9"),
    "a bad gateway": (Answer(502, b"<html>\nBad Gateway</html>", _PAGE), "status 502 is not Elasticsearch itself"),
    "no such page": (Answer(404, b"<html>\nNot found</html>", _PAGE), "status 404 is not Elasticsearch itself"),
    "a closed door": (Answer(403, b"<html>\nForbidden</html>", _PAGE), "status 403 is not Elasticsearch itself"),
    "broken JSON": (Answer(200, b'{"hits": {', elastic(200, {}).headers), "an answer that cannot be read"),
    "half an answer": (Answer(200, b"{}" * 500, elastic(200, {}).headers, cut=100), "cannot be reached"),
    "a failure inside": (failing(500, "null_pointer_exception"), "cannot answer now"),
    "no right": (failing(403, "security_exception"), "This user is not allowed to do that"),
    "no entry": (failing(401, "security_exception"), "does not accept the user, password or API key"),
}


def everything(_: Asked) -> bool:
    return True


@pytest.mark.parametrize(("answer", "words"), _ANSWERS.values(), ids=_ANSWERS)
def test_an_answer_that_is_none_is_a_sentence_and_passes(
    meddled: Store, proxy: MeddlingProxy, proxy_url: str, answer: Answer, words: str
) -> None:
    meddled.upsert(_PUBLISHED)
    meddled.publish()
    proxy.meddle = instead(answer, of=everything)
    ways: list[Callable[[], object]] = [partial(use, meddled) for use in ALL.values()]
    ways += [partial(open_store, proxy_url), partial(create_store, proxy_url, FINGERPRINT, DIM)]
    for way in ways:
        with pytest.raises(StoreUnavailable, match=words) as caught:
            way()
        assert_sentence(str(caught.value))
        assert type(caught.value) is StoreUnavailable
    assert not meddled.stale
    proxy.meddle = pass_on
    assert meddled.search(Search(QUERY)).total == meddled.count() == 2


def test_too_much_to_do_is_said(meddled: Store, proxy: MeddlingProxy) -> None:
    proxy.meddle = instead(failing(429, "circuit_breaking_exception"), of=everything)
    for use in READING.values():
        with pytest.raises(StoreUnavailable, match=r"is overloaded .*: try again a little later") as caught:
            use(meddled)
        assert_sentence(str(caught.value))


@pytest.mark.parametrize(
    ("status", "words"), [(503, "is starting or has no master"), (429, "disk is full"), (403, "index is blocked")]
)
def test_a_block_says_what_it_is_for(meddled: Store, proxy: MeddlingProxy, status: int, words: str) -> None:
    proxy.meddle = instead(failing(status, "cluster_block_exception", "blocked by: [something];"), of=everything)
    with pytest.raises(StoreUnavailable, match=rf"{words}.*\(blocked by: \[something\]\)") as caught:
        meddled.search(Search(QUERY))
    assert_sentence(str(caught.value))


def test_deleting_that_fails_for_single_records_says_why(meddled: Store, proxy: MeddlingProxy) -> None:
    cause = {"type": "cluster_block_exception", "reason": "disk usage exceeded"}
    body = {"deleted": 0, "version_conflicts": 0, "failures": [{"id": "1", "cause": cause, "status": 429}]}
    proxy.meddle = instead(elastic(429, body), of=lambda asked: "_delete_by_query" in asked.path)
    with pytest.raises(StoreUnavailable, match="its disk is full"):
        meddled.clear()


@pytest.mark.parametrize("number", ["6.8.23", "7.17.28", "8.15.5", "10.0.0"])
def test_another_version_is_named(proxy: MeddlingProxy, proxy_url: str, number: str) -> None:
    def meddle(asked: Asked, forward: Forward) -> Answer:
        body = json.loads(forward(asked).body)
        body["version"]["number"] = number
        return elastic(200, body)

    proxy.meddle = meddle
    with pytest.raises(
        StoreUnavailable, match=f"This is Elasticsearch {number} .*: use 9, or 8.16 or a later 8"
    ) as caught:
        open_store(proxy_url)
    assert_sentence(str(caught.value))
    with pytest.raises(StoreUnavailable, match=f"This is Elasticsearch {number}"):
        create_store(proxy_url, FINGERPRINT, DIM)


def test_a_server_that_does_not_say_it_is_elasticsearch_is_none(proxy: MeddlingProxy, proxy_url: str) -> None:
    def meddle(asked: Asked, forward: Forward) -> Answer:
        answer = forward(asked)
        kept = {name: value for name, value in answer.headers.items() if name.lower() != "x-elastic-product"}
        return Answer(answer.status, answer.body, kept)

    proxy.meddle = meddle
    with pytest.raises(StoreUnavailable, match="is not Elasticsearch 8 or 9"):
        open_store(proxy_url)


def test_an_answer_that_takes_too_long_is_a_timeout(store: Store, proxy: MeddlingProxy, proxy_url: str) -> None:
    released = threading.Event()
    opened = open_store(f"{proxy_url}?timeout=1")

    def meddle(asked: Asked, forward: Forward) -> Answer:
        released.wait(30)
        return forward(asked)

    proxy.meddle = meddle
    for name in ("search", "upsert"):
        with pytest.raises(StoreTimeout) as caught:
            ALL[name](opened)
        assert_sentence(str(caught.value))
    released.set()
    proxy.meddle = pass_on
    opened.upsert(_PUBLISHED)
    assert {one.file_path for one in opened.get([one.id for one in _PUBLISHED])} == {"a.jpg", "b.jpg"}
    opened.close()


@pytest.mark.parametrize("first", [True, False])
def test_one_dead_address_of_two_stops_nothing(elasticsearch: str, store: Store, name: str, first: bool) -> None:
    hosts = [f"127.0.0.1:{free_port()}", elasticsearch]
    opened = open_store(f"elasticsearch://{','.join(hosts if first else reversed(hosts))}/{name}")
    for number in range(4):
        opened.upsert([record(f"{number}.jpg")])
        assert opened.count() == number + 1
    opened.close()


def test_an_address_that_dies_is_left_for_the_other(
    elasticsearch: str, store: Store, proxy: MeddlingProxy, name: str
) -> None:
    opened = open_store(f"elasticsearch://{proxy.address},{elasticsearch}/{name}")
    proxy.meddle = instead(Answer(200, b"{}", cut=0), of=everything)
    for number in range(6):
        opened.upsert([record(f"{number}.jpg")])
        assert opened.count() == number + 1
    opened.close()


def test_where_all_addresses_are_dead_it_cannot_be_reached(name: str) -> None:
    hosts = f"127.0.0.1:{free_port()},localhost:{free_port()}"
    with pytest.raises(StoreUnavailable, match=r"cannot be reached .*: start it or fix the address") as caught:
        open_store(f"elasticsearch://{hosts}/{name}")
    assert not isinstance(caught.value, StoreMissing)


def test_other_mistakes_keep_their_names() -> None:
    with pytest.raises(KeyError), translate_errors("here"):
        raise KeyError("a bug of ours")
