"""Elasticsearch as it is, without our store between: to look at what it holds, and to make what others would make."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests

from search_api.stores.elastic.url import ElasticUrl
from search_api.stores.url import parse_store_url

_SECONDS = 60


@dataclass(frozen=True)
class Raw:
    """A server at ``host:port`` without security."""

    address: str

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """The JSON of the answer; raises for a failure."""
        answer = requests.request(method, f"http://{self.address}/{path}", json=body, timeout=_SECONDS)
        assert answer.ok, answer.text
        return answer.json()

    def indices(self, name: str) -> list[str]:
        """The names of all indices that begin with ``name``, hidden ones too."""
        rows = self.ask("GET", f"_cat/indices/{name}*?format=json&expand_wildcards=all&h=index")
        return sorted(row["index"] for row in rows)

    def aliases(self, name: str) -> list[str]:
        """The names of all aliases that begin with ``name``, hidden ones too."""
        rows = self.ask("GET", f"_cat/aliases/{name}*?format=json&expand_wildcards=all&h=alias")
        return sorted(row["alias"] for row in rows)

    def delete(self, name: str) -> None:
        """Delete all indices that begin with ``name``."""
        for index in self.indices(name):
            self.ask("DELETE", index)

    def versions(self, name: str) -> dict[str, int]:
        """How often each document was written, by path."""
        body = {"size": 10_000, "version": True, "_source": ["file_path"]}
        found = self.ask("POST", f"{name}/_search", body)
        assert found["hits"]["total"]["value"] == len(found["hits"]["hits"])
        return {hit["_source"]["file_path"]: hit["_version"] for hit in found["hits"]["hits"]}

    def load(self, name: str, documents: Sequence[Mapping[str, Any]]) -> None:
        """Write ``documents`` with random ids, as the published script does, and make them visible."""
        lines = "".join(f'{{"index":{{}}}}\n{json.dumps(document)}\n' for document in documents)
        headers = {"Content-Type": "application/x-ndjson"}
        address = f"http://{self.address}/{name}/_bulk?refresh=true"
        answer = requests.post(address, lines, headers=headers, timeout=_SECONDS).json()
        assert not answer["errors"], answer


def parsed(url: str) -> ElasticUrl:
    """What the store URL of an Elasticsearch says."""
    read = parse_store_url(url)
    assert isinstance(read, ElasticUrl)
    return read
