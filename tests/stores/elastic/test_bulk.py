"""A bulk request that half fails: what was rejected is sent again, and only that; nothing is lost or doubled."""

import pytest
from tenacity import wait_fixed

from search_api.stores.base import Search, Store, StoreUnavailable, image_id
from search_api.stores.elastic import bulk
from search_api.stores.elastic.bulk import Bulk, split_by_size
from tests.answers import assert_sentence
from tests.servers.meddling_proxy import Answer, Asked, Forward, MeddlingProxy, pass_on
from tests.stores.elastic.batch import IDS, RECORDS, SOME, action, is_some
from tests.stores.elastic.meddling import bulks, failing, instead, is_bulk, refusing
from tests.stores.elastic.raw import Raw
from tests.stores.samples import QUERY

_BUSY = {"type": "es_rejected_execution_exception", "reason": "rejected execution of primary operation"}
_AWAY = {"type": "unavailable_shards_exception", "reason": "primary shard is not active"}
_HTML = Answer(503, b"<html>", {"Content-Type": "text/html"})


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "_BACKOFF", wait_fixed(0.01))


def assert_written_once(raw: Raw, name: str, store: Store) -> None:
    store.publish()
    assert raw.versions(name) == {one.file_path: 1 for one in RECORDS}
    assert store.search(Search(QUERY)).total == store.count() == len(RECORDS)


@pytest.mark.parametrize(("status", "error"), [(429, _BUSY), (503, _AWAY)])
def test_items_that_are_rejected_for_now_are_sent_again_and_no_others(
    meddled: Store, proxy: MeddlingProxy, raw: Raw, name: str, status: int, error: dict[str, str]
) -> None:
    proxy.meddle = refusing(is_some, status, error, times=2)
    meddled.upsert(RECORDS)
    again = [id_ for id_ in IDS if is_some(id_)]
    assert bulks(proxy) == [IDS, again, again]
    assert_written_once(raw, name, meddled)


@pytest.mark.parametrize("answer", [failing(429, _BUSY["type"]), failing(503, _AWAY["type"]), _HTML])
def test_a_request_that_is_rejected_as_a_whole_is_sent_again(
    meddled: Store, proxy: MeddlingProxy, raw: Raw, name: str, answer: Answer
) -> None:
    proxy.meddle = instead(answer, times=2)
    meddled.upsert(RECORDS)
    assert bulks(proxy) == [IDS, IDS, IDS]
    assert_written_once(raw, name, meddled)


def test_deletions_that_are_rejected_for_now_are_counted_once(meddled: Store, proxy: MeddlingProxy) -> None:
    meddled.upsert(RECORDS)
    proxy.meddle = refusing(is_some, 429, _BUSY, times=1)
    assert meddled.delete(ids=[*IDS[:30], image_id("unknown.jpg")]) == 30
    assert {one.id for one in meddled.scan()} == set(IDS[30:])


def test_what_is_rejected_for_too_long_is_a_failure_and_the_rest_is_written(
    impatient: Bulk, meddled: Store, proxy: MeddlingProxy
) -> None:
    proxy.meddle = refusing(is_some, 429, _BUSY)
    with pytest.raises(StoreUnavailable, match=r"overloaded.* rejected 20 records .*es_rejected") as caught:
        impatient.send([action(one) for one in RECORDS])
    assert_sentence(str(caught.value))
    proxy.meddle = pass_on
    assert {one.id for one in meddled.get(IDS)} == set(IDS) - SOME


def test_an_answer_that_breaks_off_doubles_nothing(meddled: Store, proxy: MeddlingProxy, raw: Raw, name: str) -> None:
    cuts = [20, 0]

    def meddle(asked: Asked, forward: Forward) -> Answer:
        answer = forward(asked)
        return Answer(answer.status, answer.body, answer.headers, cuts.pop()) if is_bulk(asked) and cuts else answer

    proxy.meddle = meddle
    with pytest.raises(StoreUnavailable, match="cannot be reached"):
        meddled.upsert(RECORDS)
    meddled.upsert(RECORDS)
    meddled.publish()
    assert set(raw.versions(name)) == {one.file_path for one in RECORDS}
    assert meddled.count() == len(RECORDS)


def test_many_records_go_in_requests_of_a_bounded_size(
    meddled: Store, proxy: MeddlingProxy, raw: Raw, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MAX_BYTES", 2_000)
    proxy.meddle = refusing(is_some, 429, _BUSY, times=3)
    meddled.upsert(RECORDS)
    sizes = [len(asked.body) for asked in proxy.asked if is_bulk(asked)]
    assert max(sizes) <= 2_000 < sum(sizes)
    assert {id_ for ids in bulks(proxy) for id_ in ids} == set(IDS)
    assert_written_once(raw, name, meddled)


@pytest.mark.parametrize(
    ("sizes", "max_bytes", "chunks"),
    [
        ([], 10, []),
        ([10], 10, [[0]]),
        ([11], 10, [[0]]),
        ([5, 5, 5], 10, [[0, 1], [2]]),
        ([99, 1, 99, 1, 1], 10, [[0], [1], [2], [3, 4]]),
        ([1] * 5, 2, [[0, 1], [2, 3], [4]]),
    ],
)
def test_actions_are_split_in_their_order_and_one_is_never_divided(
    sizes: list[int], max_bytes: int, chunks: list[list[int]]
) -> None:
    assert split_by_size([b"x" * size for size in sizes], max_bytes) == chunks
