"""What a bulk request fails with for good: what is in a record, or a cluster that does not allow writes now."""

import numpy as np
import pytest

from search_api.stores import drop_store
from search_api.stores.base import BadRecord, Search, Store, StoreMissing, StoreUnavailable
from search_api.stores.elastic.bulk import Bulk
from search_api.stores.elastic.documents import upsert_action
from tests.answers import assert_sentence
from tests.servers.meddling_proxy import MeddlingProxy
from tests.stores.elastic.batch import IDS, RECORDS, action, is_some
from tests.stores.elastic.meddling import bulks, refusing
from tests.stores.elastic.raw import Raw
from tests.stores.samples import QUERY


def test_a_record_that_elasticsearch_cannot_take_is_named_and_the_others_are_written(
    meddled: Store, proxy: MeddlingProxy
) -> None:
    cause = {"type": "illegal_argument_exception", "reason": "no such number"}
    error = {"type": "document_parsing_exception", "reason": "failed to parse", "caused_by": cause}
    proxy.meddle = refusing(lambda id_: id_ == IDS[7], 400, error)
    with pytest.raises(BadRecord, match=r"^07\.jpg: .*no such number") as caught:
        meddled.upsert(RECORDS)
    assert_sentence(str(caught.value))
    assert {one.id for one in meddled.get(IDS)} == set(IDS) - {IDS[7]}
    assert bulks(proxy) == [IDS], "it is not tried again"


def test_the_real_server_refuses_a_document_that_does_not_fit_and_takes_its_neighbours(impatient: Bulk) -> None:
    actions = [action(one) for one in RECORDS[:3]]
    actions[1] = upsert_action(RECORDS[1], np.ones(7, np.float32))
    result = impatient.send(actions)
    assert result.effective == 2
    assert set(result.failed) == {1}
    assert "dimensions" in result.failed[1]


def test_an_item_that_the_user_may_not_write_is_no_bad_record(meddled: Store, proxy: MeddlingProxy) -> None:
    error = {"type": "security_exception", "reason": "action [indices:data/write/index] is unauthorized"}
    proxy.meddle = refusing(is_some, 403, error)
    with pytest.raises(StoreUnavailable, match="This user is not allowed to do that") as caught:
        meddled.upsert(RECORDS)
    assert_sentence(str(caught.value))


def test_a_full_disk_is_said_at_once_and_writing_goes_on_when_there_is_room(store: Store, raw: Raw, name: str) -> None:
    store.upsert(RECORDS[:10])
    raw.ask("PUT", f"{name}/_settings", {"index.blocks.read_only_allow_delete": True})
    for write in (lambda: store.upsert(RECORDS), lambda: store.delete(ids=IDS)):
        with pytest.raises(StoreUnavailable, match="its disk is full") as caught:
            write()
        assert_sentence(str(caught.value))
    store.publish()
    assert store.search(Search(QUERY)).total == 10
    raw.ask("PUT", f"{name}/_settings", {"index.blocks.read_only_allow_delete": None})
    store.upsert(RECORDS)
    assert store.count() == len(RECORDS)


def test_a_collection_that_is_dropped_in_the_middle_of_writing_does_not_come_back(
    store: Store, url: str, raw: Raw, name: str
) -> None:
    store.upsert(RECORDS[:10])
    drop_store(url)
    for write in (lambda: store.upsert(RECORDS), lambda: store.delete(ids=IDS), store.publish, store.clear):
        with pytest.raises(StoreMissing) as caught:
            write()
        assert_sentence(str(caught.value))
    assert raw.indices(name) == raw.aliases(name) == []


def test_a_closed_index_is_unavailable(store: Store, raw: Raw, name: str) -> None:
    raw.ask("POST", f"{name}/_close")
    for use in (lambda: store.upsert(RECORDS), lambda: store.search(Search(QUERY)), lambda: store.get(IDS)):
        with pytest.raises(StoreUnavailable, match=r"index is closed .*: open it") as caught:
            use()
        assert_sentence(str(caught.value))
