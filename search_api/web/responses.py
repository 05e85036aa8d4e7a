"""What pages, records, collections and jobs look like as ``data`` of an answer."""

from collections.abc import Sequence
from typing import cast

from search_api.images.add import Addition
from search_api.images.records import RecordPage
from search_api.jobs.job import Job
from search_api.jobs.job_data import job_data
from search_api.search.pipeline import SearchPage
from search_api.stores.base import Hit, Record, Store
from search_api.stores.catalogue import CollectionSummary
from search_api.web.response_types import (
    AddedData,
    AddedItem,
    CollectionData,
    CollectionsData,
    ComparisonData,
    DeletedData,
    HitData,
    JobsData,
    ListingData,
    RecordData,
    SearchData,
    ShortHit,
)
from wire.vectors import encode_vector


def search_data(page: SearchPage) -> SearchData:
    """Return the data of a search."""
    return {
        "dataList": [_hit_data(hit, page) for hit in page.hits.hits],
        "total": page.hits.total,
        "totalRelation": page.hits.relation,
        "page": page.query.page,
        "pageSize": page.query.page_size,
        "took": {stage: round(seconds * 1e3, 1) for stage, seconds in page.seconds.items()},
    }


def _hit_data(hit: Hit, page: SearchPage) -> HitData:
    data = cast(HitData, {**_short_hit(hit), "metadata": dict(hit.metadata)})
    if page.query.collapse is not None:
        inner_hits = page.inner_hits.get(hit.id, [])
        data["similar"] = len(inner_hits)
        data["collapsed"] = [_short_hit(inner) for inner in inner_hits]
    if hit.id in page.vectors:
        data["feature_vector"] = cast(list[float], encode_vector(page.vectors[hit.id], "float"))
    return data


def _short_hit(hit: Hit) -> ShortHit:
    data: ShortHit = {"id": hit.id, "file_path": hit.file_path}
    if hit.score is not None:
        data["score"] = hit.score
    if hit.distance is not None:
        data["distance"] = hit.distance
    return data


def listing_data(page: RecordPage) -> ListingData:
    """Return the data of a listing."""
    return {
        "dataList": [record_data(record) for record in page.records],
        "total": page.total,
        "page": page.listing.page,
        "pageSize": page.listing.page_size,
        "next": page.after,
    }


def record_data(record: Record) -> RecordData:
    """Return the data of one record."""
    return {
        "id": record.id,
        "file_path": record.file_path,
        "sha256": record.sha256,
        "metadata": dict(record.metadata),
    }


def added_data(additions: Sequence[Addition], images: int) -> AddedData:
    """Return the data of an upload; ``images`` is how many there are now."""
    items = [_added_item(addition) for addition in additions]
    statuses = [item.get("status", "failed") for item in items]
    return {
        "items": items,
        "added": statuses.count("added"),
        "updated": statuses.count("updated"),
        "failed": statuses.count("failed"),
        "images": images,
    }


def _added_item(addition: Addition) -> AddedItem:
    if addition.rejected is not None:
        return {"name": addition.name, "error": addition.rejected.error, "detail": addition.rejected.detail}
    assert addition.record is not None
    status = "updated" if addition.replaced else "added"
    return cast(AddedItem, {"name": addition.name, "status": status, **record_data(addition.record)})


def deleted_data(deleted: int, store: Store) -> DeletedData:
    """Return the data of a deletion from ``store``."""
    return {"deleted": deleted, "images": store.count()}


def collections_data(summaries: Sequence[CollectionSummary]) -> CollectionsData:
    """Return the data of all collections."""
    return {"collections": [_collection(summary) for summary in summaries]}


def _collection(summary: CollectionSummary) -> CollectionData:
    return {
        "name": summary.name,
        "images": summary.images,
        "fingerprint": summary.fingerprint,
        "metric": summary.metric,
        "dim": summary.dim,
        "modes": list(summary.modes),
    }


def jobs_data(jobs: Sequence[Job]) -> JobsData:
    """Return the data of all jobs."""
    return {"jobs": [job_data(job) for job in jobs]}


def comparison_data(cosine: float, fingerprint: str) -> ComparisonData:
    """Return the data of a comparison, by the model of ``fingerprint``."""
    return {"score": cosine, "model": fingerprint}
