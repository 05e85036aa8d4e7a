"""A legacy index, made by the published script: only file_path and feature_vector, random ids, read-only here.

Nothing in it says which model its vectors are from, so every fingerprint is accepted. It may hold zero vectors, whose
cosine is undefined, and a path more than once. Ties are ordered by path; ann is answered exactly.
"""

import logging
from collections.abc import Sequence
from typing import NoReturn

from search_api.stores.base import UNKNOWN_FINGERPRINT, BadQuery, Filter, Hits, Record, Search, StoreReadOnly
from search_api.stores.checks import check_query
from search_api.stores.elastic.base_store import BaseElasticStore
from search_api.stores.elastic.documents import as_hits
from search_api.stores.elastic.index import Index
from search_api.stores.elastic.query_dsl import VECTOR, any_of, browse_query, exact_query

_MAX_ID_BYTES = 512
_HAS_DIRECTION = {"script": {"script": {"source": f"doc['{VECTOR}'].size() > 0 && doc['{VECTOR}'].magnitude > 0"}}}

log = logging.getLogger(__name__)


class LegacyStore(BaseElasticStore):
    """A read-only collection in a legacy index; its ``fingerprint`` is UNKNOWN_FINGERPRINT."""

    read_only = True

    def __init__(self, index: Index) -> None:
        super().__init__(index, UNKNOWN_FINGERPRINT)
        log.warning(
            "The index was made by the published script (%s): it is read-only, and it does not say which model its"
            " vectors are from. python -m scripts.index import copies it into a collection of its own.",
            index.display_name,
        )

    def expect(self, fingerprint: str) -> None:
        """Accept every model: the index does not say which one it holds."""

    def search(self, search: Search) -> Hits:
        check_query(search.vector, self.dim)
        body = exact_query(search, self.metric, self._index.mapping.path_field, [_HAS_DIRECTION])
        return as_hits(self._index.search(body), self.metric, "eq")

    def get(self, ids: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        possible = [id_ for id_ in dict.fromkeys(ids) if 0 < len(id_.encode()) <= _MAX_ID_BYTES]
        return list(self._index.scan({"ids": {"values": possible}}, with_vectors=with_vectors))

    def by_path(self, paths: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        query = any_of(self._index.mapping.path_field, list(paths))
        return list(self._index.scan(query, with_vectors=with_vectors)) if paths else []

    def by_sha256(self, digests: Sequence[str], *, with_vectors: bool = False) -> list[Record]:
        return []  # it keeps none

    def browse(
        self, *, filter: Filter | None = None, after: str = "", offset: int = 0, limit: int = 10
    ) -> list[Record]:
        """Return records by path, because random ``_id``s cannot be sorted; raises BadQuery for ``after``."""
        if after:
            raise BadQuery(
                "An index made by the published script is paged with page, not with after: its ids have no order."
            )
        return self._index.browse(browse_query(filter or {}, self._index.mapping.path_field, "", offset, limit))

    def check_writable(self) -> NoReturn:
        raise read_only_error(self._index.display_name)

    def upsert(self, records: Sequence[Record]) -> None:
        self.check_writable()

    def publish(self) -> None:
        """Do nothing: nothing was written."""

    def delete(self, *, ids: Sequence[str] = (), filter: Filter | None = None) -> int:
        self.check_writable()

    def clear(self) -> int:
        self.check_writable()


def read_only_error(display_name: str) -> StoreReadOnly:
    """Return the exception for an attempt to change a legacy index."""
    return StoreReadOnly(
        f"The index was made by the published script ({display_name}) and is read-only:"
        " python -m scripts.index import copies it into a collection of its own."
    )
