"""One index of a cluster: sends bodies to it, reads records from it, and names what goes wrong."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from search_api.stores.base import Filter, Record, StoreMissing, StoreTimeout, StoreUnavailable
from search_api.stores.elastic.documents import as_record
from search_api.stores.elastic.errors import means_missing, named, translate_errors
from search_api.stores.elastic.mapping import Layout
from search_api.stores.elastic.query_dsl import READ_SIZE, VECTOR, Body, counting_body, reading_body
from search_api.stores.elastic.url import ElasticUrl

_QUICK_SECONDS = 5
_DELETING_SECONDS = 3_600
_MAX_PAUSE = "10m"  # between two records that a scan is asked for


class Index:
    """Its answers are complete: where parts of the index are away, StoreUnavailable is raised instead."""

    def __init__(self, client: Elasticsearch, url: ElasticUrl, layout: Layout) -> None:
        self.layout = layout
        self.display_name = url.display_name
        self._client = client
        self._quick = client.options(request_timeout=min(_QUICK_SECONDS, url.timeout))
        self._alias = url.index
        self._name = layout.name

    def search(self, body: Body) -> Any:
        """The ``hits`` of the answer to ``body``."""
        with translate_errors(self.display_name):
            answer = self._client.search(index=self._name, body=body, allow_partial_search_results=False)
        return answer["hits"]

    def fetch(self, ids: Sequence[str], *, with_vectors: bool) -> list[Record]:
        """The records with these ids as they are this moment, published or not."""
        found = []
        for start in range(0, len(ids), READ_SIZE):
            with translate_errors(self.display_name):
                answer = self._client.mget(
                    index=self._name,
                    ids=list(ids[start : start + READ_SIZE]),
                    source_excludes=None if with_vectors else [VECTOR],
                )
            for one in answer["docs"]:
                if "error" in one:  # the part of the index that it may be in is away
                    raise named(503, one["error"], self.display_name)
                found += [as_record(one)] if one["found"] else []
        return found

    def read(self, query: Body, *, with_vectors: bool) -> Iterator[Record]:
        """Every published record that matches ``query`` once, whatever is written meanwhile."""
        with translate_errors(self.display_name):
            pit = self._client.open_point_in_time(index=self._name, keep_alive=_MAX_PAUSE)["id"]
        after = None
        try:
            while True:
                with translate_errors(self.display_name):
                    answer = self._client.search(
                        body=reading_body(query, pit, _MAX_PAUSE, after, with_vectors),
                        allow_partial_search_results=False,
                    )
                pit, hits = answer["pit_id"], answer["hits"]["hits"]
                yield from map(as_record, hits)
                if len(hits) < READ_SIZE:
                    return
                after = hits[-1]["sort"]
        finally:  # else the server forgets it by itself
            with suppress(StoreUnavailable, StoreTimeout), translate_errors(self.display_name):
                self._quick.close_point_in_time(id=pit)

    def count(self, filter: Filter) -> int:
        """How many published records match ``filter``."""
        return int(self.search(counting_body(filter))["total"]["value"])

    def browse(self, body: Body) -> list[Record]:
        """The published records that answer ``body``."""
        return [as_record(hit) for hit in self.search(body)["hits"]]

    def refresh(self) -> None:
        """Publish what was written."""
        with translate_errors(self.display_name):
            answer = self._client.indices.refresh(index=self._name)
        if answer["_shards"]["failed"]:
            raise StoreUnavailable(f"Parts of the index could not be refreshed ({self.display_name}).")

    def delete_matching(self, query: Body) -> int:
        """Delete as the published script does it; again for what was written meanwhile. Return how many there were."""
        self.refresh()
        patient, deleted = self._client.options(request_timeout=_DELETING_SECONDS), 0
        while True:
            with translate_errors(self.display_name):
                answer = patient.delete_by_query(index=self._name, query=query, conflicts="proceed", refresh=True)
            deleted += int(answer["deleted"])
            if answer["failures"]:
                raise StoreUnavailable(f"Some records could not be deleted ({self.display_name}).")
            if not answer["version_conflicts"]:
                return deleted

    def ping(self) -> None:
        """Raise StoreMissing or StoreUnavailable when searches would."""
        if self.replaced():
            raise StoreMissing(f"The index was dropped or replaced ({self.display_name}).")
        with translate_errors(self.display_name):
            self._quick.search(index=self._name, size=0, terminate_after=1, allow_partial_search_results=False)

    def replaced(self) -> bool:
        """Whether the name leads to another index now, or to none."""
        with translate_errors(self.display_name):
            try:
                behind = self._quick.indices.get_settings(index=self._alias, name="index.uuid")
            except NotFoundError as error:
                if means_missing(error):
                    return True
                raise
        return all(index["settings"]["index"]["uuid"] != self.layout.uuid for index in behind.values())

    def details(self) -> dict[str, str | int]:
        """Version, names, size and mapping."""
        with translate_errors(self.display_name):
            version = self._client.info()["version"]["number"]
            index = self._client.indices.get(index=self._name)[self._name]
            stats = self._client.indices.stats(index=self._name, metric="store")
        settings, fields = index["settings"]["index"], index["mappings"]["properties"]
        return {
            "engine": f"elasticsearch {version}",
            "index": self._name,
            "aliases": ", ".join(sorted(index["aliases"])) or "none",
            "bytes": stats["_all"]["total"].get("store", {}).get("size_in_bytes", 0),  # none where all of it is away
            "shards": int(settings["number_of_shards"]),
            "replicas": int(settings["number_of_replicas"]),
            "fields": ", ".join(f"{name} {field['type']}" for name, field in fields.items()),
            "graph": " ".join(f"{name}={value}" for name, value in self.layout.graph.items()) or "none",
        }

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
