"""One index of a cluster: searches it, reads its records, and translates the client's errors."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from search_api.stores.base import Filter, Record, StoreMissing, StoreTimeout, StoreUnavailable
from search_api.stores.elastic.documents import as_record
from search_api.stores.elastic.errors import is_missing_index, store_error, translate_errors
from search_api.stores.elastic.mapping import IndexMapping
from search_api.stores.elastic.query_dsl import READ_SIZE, VECTOR, Query, count_query, scan_query
from search_api.stores.elastic.url import ElasticUrl

_PROBE_SECONDS = 5
_DELETE_SECONDS = 3_600
_KEEP_ALIVE = "10m"  # of a scan, from one page to the next


class Index:
    """An index with a ``mapping``. Answers are complete: StoreUnavailable is raised while shards are unavailable."""

    def __init__(self, client: Elasticsearch, url: ElasticUrl, mapping: IndexMapping) -> None:
        self.mapping = mapping
        self.display_name = url.display_name
        self._client = client
        self._probe = client.options(request_timeout=min(_PROBE_SECONDS, url.timeout))
        self._alias = url.index
        self._name = mapping.name

    def search(self, query: Query) -> Any:
        """Return the ``hits`` of the answer to ``query``."""
        with translate_errors(self.display_name):
            answer = self._client.search(index=self._name, body=query, allow_partial_search_results=False)
        return answer["hits"]

    def fetch(self, ids: Sequence[str], *, with_vectors: bool) -> list[Record]:
        """Return the records with these ids as they are this moment, published or not."""
        found = []
        for start in range(0, len(ids), READ_SIZE):
            with translate_errors(self.display_name):
                answer = self._client.mget(
                    index=self._name,
                    ids=list(ids[start : start + READ_SIZE]),
                    source_excludes=None if with_vectors else [VECTOR],
                )
            for document in answer["docs"]:
                if "error" in document:  # its shard is unavailable
                    raise store_error(503, document["error"], self.display_name)
                found += [as_record(document)] if document["found"] else []
        return found

    def scan(self, query: Query, *, with_vectors: bool) -> Iterator[Record]:
        """Yield every published record that matches ``query`` once, whatever is written meanwhile."""
        with translate_errors(self.display_name):
            pit = self._client.open_point_in_time(index=self._name, keep_alive=_KEEP_ALIVE)["id"]
        after = None
        try:
            while True:
                with translate_errors(self.display_name):
                    answer = self._client.search(
                        body=scan_query(query, pit, _KEEP_ALIVE, after, with_vectors),
                        allow_partial_search_results=False,
                    )
                pit, hits = answer["pit_id"], answer["hits"]["hits"]
                yield from map(as_record, hits)
                if len(hits) < READ_SIZE:
                    return
                after = hits[-1]["sort"]
        finally:  # if that fails, the server drops it after the keep-alive
            with suppress(StoreUnavailable, StoreTimeout), translate_errors(self.display_name):
                self._probe.close_point_in_time(id=pit)

    def count(self, filter: Filter) -> int:
        """Return how many published records match ``filter``."""
        return int(self.search(count_query(filter))["total"]["value"])

    def browse(self, query: Query) -> list[Record]:
        """Return the page of published records that ``query`` asks for."""
        return [as_record(hit) for hit in self.search(query)["hits"]]

    def refresh(self) -> None:
        """Make what was written visible to every search."""
        with translate_errors(self.display_name):
            answer = self._client.indices.refresh(index=self._name)
        if answer["_shards"]["failed"]:
            raise StoreUnavailable(f"Parts of the index could not be refreshed ({self.display_name}).")

    def delete_matching(self, query: Query) -> int:
        """Delete what matches ``query``, and again where it was changed meanwhile; return how many there were."""
        self.refresh()
        slow, deleted = self._client.options(request_timeout=_DELETE_SECONDS), 0
        while True:
            with translate_errors(self.display_name):
                answer = slow.delete_by_query(index=self._name, query=query, conflicts="proceed", refresh=True)
            deleted += int(answer["deleted"])
            if answer["failures"]:
                raise StoreUnavailable(f"Some records could not be deleted ({self.display_name}).")
            if not answer["version_conflicts"]:
                return deleted

    def ping(self) -> None:
        """Raise StoreMissing or StoreUnavailable when a search would."""
        if self.is_replaced():
            raise StoreMissing(f"The index was dropped or replaced ({self.display_name}).")
        with translate_errors(self.display_name):
            self._probe.search(index=self._name, size=0, terminate_after=1, allow_partial_search_results=False)

    def is_replaced(self) -> bool:
        """Return whether the name leads to another index now, or to none."""
        with translate_errors(self.display_name):
            try:
                behind = self._probe.indices.get_settings(index=self._alias, name="index.uuid")
            except NotFoundError as error:
                if is_missing_index(error):
                    return True
                raise
        return all(index["settings"]["index"]["uuid"] != self.mapping.uuid for index in behind.values())

    def details(self) -> dict[str, str | int]:
        """Return version, names, size and mapping, as an operator wants to see them."""
        with translate_errors(self.display_name):
            version = self._client.info()["version"]["number"]
            index = self._client.indices.get(index=self._name)[self._name]
            stats = self._client.indices.stats(index=self._name, metric="store")
        settings, fields = index["settings"]["index"], index["mappings"]["properties"]
        return {
            "engine": f"elasticsearch {version}",
            "index": self._name,
            "aliases": ", ".join(sorted(index["aliases"])) or "none",
            "bytes": stats["_all"]["total"]
            .get("store", {})
            .get("size_in_bytes", 0),  # absent while no shard is available
            "shards": int(settings["number_of_shards"]),
            "replicas": int(settings["number_of_replicas"]),
            "fields": ", ".join(f"{name} {field['type']}" for name, field in fields.items()),
            "graph": " ".join(f"{name}={value}" for name, value in self.mapping.graph.items()) or "none",
        }

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
