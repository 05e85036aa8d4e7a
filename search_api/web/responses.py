"""Pages, records and collections as the ``data`` of an answer."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from search_api.images.add import Addition
from search_api.search.pipeline import Page, Records
from search_api.stores.base import Hit, Record
from search_api.stores.catalogue import Summary
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
    data = {**_find_data(hit), "metadata": dict(hit.metadata)}
    if page.query.collapse is not None:
        copies = page.copies.get(hit.id, [])
        data |= {"similar": len(copies), "collapsed": [_find_data(copy) for copy in copies]}
    if hit.id in page.vectors:
        data["feature_vector"] = encode_vector(page.vectors[hit.id], "float")
    return data


def _find_data(hit: Hit) -> dict[str, Any]:
    value = {"score": hit.score} if hit.distance is None else {"distance": hit.distance}
    return {"id": hit.id, "file_path": hit.file_path, **value}


def records_data(page: Records) -> dict[str, Any]:
    """The ``data`` of GET /images."""
    return {
        "dataList": [record_data(record) for record in page.records],
        "total": page.total,
        "page": page.listing.page,
        "pageSize": page.listing.page_size,
        "next": page.after,
    }


def additions_data(additions: Sequence[Addition], images: int) -> dict[str, Any]:
    """The ``data`` of POST /images; ``images`` is how many there are now."""
    statuses = [_status(addition) for addition in additions]
    items = [_addition_data(addition, status) for addition, status in zip(additions, statuses, strict=True)]
    return {"items": items, **{name: statuses.count(name) for name in ("added", "updated", "failed")}, "images": images}


def _status(addition: Addition) -> str:
    if addition.record is None:
        return "failed"
    return "updated" if addition.replaced else "added"


def _addition_data(addition: Addition, status: str) -> dict[str, Any]:
    if addition.rejected is not None:
        return {"name": addition.name, "error": addition.rejected.error, "detail": addition.rejected.detail}
    assert addition.record is not None
    return {"name": addition.name, "status": status, **record_data(addition.record)}


def collection_data(summary: Summary) -> dict[str, Any]:
    """One item of GET /collections."""
    return asdict(summary)


def record_data(record: Record) -> dict[str, Any]:
    """The ``data`` of GET /images/{id}."""
    return {
        "id": record.id,
        "file_path": record.file_path,
        "sha256": record.sha256,
        "metadata": dict(record.metadata),
    }
