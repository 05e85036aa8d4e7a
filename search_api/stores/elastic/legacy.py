"""An index that the published script made: only file_path and feature_vector, ids by chance, open for reading only.

Nothing in it says which model its vectors are of, so every fingerprint is let pass. It may hold vectors of zeros, whose
cosine is no number, and a path more than once. Ties come by path; ann is answered exactly.
"""

import logging
from collections.abc import Sequence
from typing import NoReturn

from search_api.stores.base import UNKNOWN_FINGERPRINT, BadQuery, Filter, Hits, Record, Search, StoreReadOnly
from search_api.stores.checks import check_query
from search_api.stores.elastic.base_store import BaseElasticStore
from search_api.stores.elastic.documents import as_hits
from search_api.stores.elastic.index import Index
from search_api.stores.elastic.query_dsl import VECTOR, any_of, browsing_body, exact_body

_MAX_ID_BYTES = 512
_HAS_DIRECTION = {"script": {"script": {"source": f"doc['{VECTOR}'].size() > 0 && doc['{VECTOR}'].magnitude > 0"}}}

log = logging.getLogger(__name__)


class LegacyStore(BaseElasticStore):
    """Its ``fingerprint`` is UNKNOWN_FINGERPRINT."""

    read_only = True

    def __init__(self, index: Index) -> None:
        super().__init__(index, UNKNOWN_FINGERPRINT)
        log.warning(
            "The index was made by the published script (%s): it is read only, and nobody can say whether its vectors"
            " are of the extractor's model. python -m scripts.index import moves it over.",
            index.display_name,
        )

    def expect(self, fingerprint: str) -> None:
        """Let every model pass: which one it was is not known."""

    def search(self, search: Search) -> Hits:
        check_query(search.vector, self.dim)
        body = exact_body(search, self.metric, self._index.layout.path, [_HAS_DIRECTION])
        return as_hits(self._index.search(body), self.metric, "eq")

    def get(self, ids: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        possible = [id_ for id_ in dict.fromkeys(ids) if 0 < len(id_.encode()) <= _MAX_ID_BYTES]
        return list(self._index.read({"ids": {"values": possible}}, with_vectors=with_vectors))

    def by_path(self, paths: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        query = any_of(self._index.layout.path, list(paths))
        return list(self._index.read(query, with_vectors=with_vectors)) if paths else []

    def by_sha256(self, digests: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        return []  # it keeps none

    def browse(
        self, *, filter: Filter | None = None, after: str = "", offset: int = 0, limit: int = 10
    ) -> list[Record]:
        """By path, because ids by chance cannot be sorted; raises BadQuery for ``after``."""
        if after:
            raise BadQuery("An index of the published script is paged by page, not by after: its ids have no order.")
        return self._index.browse(browsing_body(filter or {}, self._index.layout.path, "", offset, limit))

    def upsert(self, records: Sequence[Record]) -> None:
        self._refuse()

    def publish(self) -> None:
        """Nothing was written."""

    def delete(self, *, ids: Sequence[str] = (), filter: Filter | None = None) -> int:
        self._refuse()

    def clear(self) -> int:
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise read_only(self._index.display_name)


def read_only(display_name: str) -> StoreReadOnly:
    """What whoever wants to change such an index hears."""
    return StoreReadOnly(
        f"The index was made by the published script ({display_name}) and is read only:"
        " python -m scripts.index import moves it to a collection of its own."
    )
