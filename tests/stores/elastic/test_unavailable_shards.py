"""An index whose shards are unavailable answers nothing wrong: no empty page, no missing record, no smaller count."""

from collections.abc import Iterator

import pytest

from search_api.stores import open_store
from search_api.stores.base import Search, Store, StoreTimeout, StoreUnavailable
from search_api.stores.elastic.query_dsl import index_definition, write_alias
from tests.answers import assert_sentence
from tests.ingest.watching import wait_until
from tests.stores.elastic.raw import Raw, parsed
from tests.stores.samples import DIM, FINGERPRINT, QUERY, record
from tests.stores.uses import READING

_NOWHERE = "index.routing.allocation.require.nothing"


@pytest.fixture
def red(raw: Raw, url: str, name: str) -> Iterator[Store]:
    """A collection that no node may keep, so that it is nowhere."""
    version = raw.ask("GET", "")["version"]["number"].split(".")
    definition = index_definition(parsed(url), FINGERPRINT, DIM, (int(version[0]), int(version[1])))
    definition["settings"][_NOWHERE] = "here"
    definition["aliases"] = {name: {}, write_alias(f"{name}.red"): {"is_hidden": True}}
    raw.ask("PUT", f"{name}.red?wait_for_active_shards=0", definition)
    store = open_store(f"{url}?timeout=1")
    yield store
    store.close()


def test_a_red_index_is_unavailable_and_works_when_its_shards_are_back(red: Store, raw: Raw, name: str) -> None:
    for use in READING.values():
        with pytest.raises(StoreUnavailable, match="parts of the index are unavailable") as caught:
            use(red)
        assert_sentence(str(caught.value))
    with pytest.raises(StoreTimeout):
        red.upsert([record("a.jpg")])
    assert red.details()["bytes"] == 0
    assert not red.stale
    raw.ask("PUT", f"{name}.red/_settings", {_NOWHERE: None})
    wait_until(lambda: raw.ask("GET", f"_cluster/health/{name}.red")["status"] == "green")
    red.upsert([record("a.jpg"), record("b.jpg")])
    red.publish()
    assert red.search(Search(QUERY)).total == red.count() == 2
