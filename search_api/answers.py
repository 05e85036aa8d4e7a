"""Pages and records as the ``data`` of an answer."""

from typing import Any

from search_api.pipeline import Page
from search_api.stores.base import Record
from wire.vectors import encode_vector


def page_data(page: Page) -> dict[str, Any]:
    """The ``data`` of a search."""
    return {
        "dataList": [_hit_data(page, index) for index in range(len(page.hits.hits))],
        "total": page.hits.total,
        "totalRelation": page.hits.relation,
        "page": page.query.page,
        "pageSize": page.query.page_size,
        "took": {stage: round(seconds * 1e3, 1) for stage, seconds in page.seconds.items()},
    }


def _hit_data(page: Page, index: int) -> dict[str, Any]:
    hit = page.hits.hits[index]
    data: dict[str, Any] = {"id": hit.id, "file_path": hit.file_path}
    data |= {"score": hit.score} if hit.distance is None else {"distance": hit.distance}
    data["metadata"] = dict(hit.metadata)
    if hit.id in page.vectors:
        data["feature_vector"] = encode_vector(page.vectors[hit.id], "float")
    return data


def record_data(record: Record) -> dict[str, Any]:
    """The ``data`` of GET /images/{id}."""
    return {
        "id": record.id,
        "file_path": record.file_path,
        "sha256": record.sha256,
        "metadata": dict(record.metadata),
    }
