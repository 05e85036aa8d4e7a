"""The types of ``data`` in answers, as JSON: the OpenAPI document is made of them."""

from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from search_api.jobs.job import JobState
from search_api.jobs.job_data import JobData
from search_api.stores.base import Metric, Mode, Relation
from wire.openapi import Count

Cosine = Annotated[float, Field(ge=-1, le=1)]
MetadataObject = dict[str, str | float | int | bool]


class ShortHit(TypedDict):
    """A hit in few words: with a score under the metric cosine, with a distance under l2."""

    id: str
    file_path: str
    score: NotRequired[Cosine]
    distance: NotRequired[Annotated[float, Field(ge=0)]]


class HitData(ShortHit):
    """A hit; ``similar`` and ``collapsed`` where near-duplicates are collapsed."""

    metadata: MetadataObject
    feature_vector: NotRequired[list[float]]
    similar: NotRequired[Count]
    collapsed: NotRequired[list[ShortHit]]


class SearchData(TypedDict):
    """One page of hits."""

    dataList: list[HitData]
    total: Count
    totalRelation: Relation
    page: int
    pageSize: int
    took: Annotated[dict[str, float], Field(description="Milliseconds of each stage.")]


class RecordData(TypedDict):
    """A record of an image."""

    id: str
    file_path: str
    sha256: str
    metadata: MetadataObject


class ListingData(TypedDict):
    """One page of records."""

    dataList: list[RecordData]
    total: Count
    page: Count
    pageSize: Count
    next: Annotated[str | None, Field(description="What to go on after; null at the end.")]


class AddedItem(TypedDict):
    """The result of one upload: its record, or why there is none."""

    name: str
    status: NotRequired[Literal["added", "updated"]]
    id: NotRequired[str]
    file_path: NotRequired[str]
    sha256: NotRequired[str]
    metadata: NotRequired[MetadataObject]
    error: NotRequired[str]
    detail: NotRequired[str]


class AddedData(TypedDict):
    """The results of uploads, counted; ``images`` is how many the collection has now."""

    items: list[AddedItem]
    added: Count
    updated: Count
    failed: Count
    images: Count


class DeletedData(TypedDict):
    """How many records were deleted, and how many the collection has now."""

    deleted: Count
    images: Count


class CollectionData(TypedDict):
    """One collection; of one that does not exist yet only the name."""

    name: str
    images: Count
    fingerprint: str | None
    metric: Metric | None
    dim: int | None
    modes: list[Mode]


class CollectionsData(TypedDict):
    """All collections."""

    collections: list[CollectionData]


class ComparisonData(TypedDict):
    """How alike two images are, by which model."""

    score: Cosine
    model: str


class StatusData(TypedDict):
    """Whether the service is ready."""

    status: str


class JobsData(TypedDict):
    """All jobs, the newest first."""

    jobs: list[JobData]


class PageParameter(TypedDict):
    """A search parameter: its name, the JSON type of its value, and its default."""

    name: str
    kind: str
    default: Any


class JobStates(TypedDict):
    """Which states a job never leaves by itself, and from which it can be resumed."""

    ended: list[JobState]
    resumable: list[JobState]


class PageConfigData(TypedDict):
    """What the page needs to know of the service and of one collection."""

    images: Annotated[int | None, Field(description="null while the store is away.")]
    modes: list[Mode]
    suggestedThreshold: Annotated[float | None, Field(description="null while the extractor is away.")]
    parameters: list[PageParameter]
    needsKey: bool
    batchFiles: Count
    maxBytes: Count
    maxDepth: Count
    pageSize: Count
    uploadFolder: str
    jobStates: JobStates
