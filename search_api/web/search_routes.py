"""The JSON and image routes."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, request, send_file

from imaging import Box
from search_api.embedding.client import Extraction, ExtractorClient
from search_api.images.thumbnails import ImageFiles
from search_api.search import pipeline
from search_api.stores.base import Record, Store
from search_api.stores.catalogue import Catalogue
from search_api.web.metrics import SearchMetrics
from search_api.web.parameters import MAX_QUERIES, Query, parse_collection, parse_ids, parse_listing, parse_query
from search_api.web.responses import collection_data, page_data, record_data, records_data
from search_api.web.uploads import read_images
from serving.fields import read_fields
from serving.request_log import request_id
from wire import envelope
from wire.extraction import FINGERPRINT_HEADER
from wire.vectors import decode_vector

_ONE_DAY = 86_400


def make_api(
    catalogue: Catalogue,
    extractor: ExtractorClient,
    files: ImageFiles,
    metrics: SearchMetrics,
    *,
    max_bytes: int,
    ann_candidates: int,
) -> Blueprint:
    """The routes around the collections of ``catalogue`` and one extractor."""
    api = Blueprint("api", __name__)

    def answer(search: Callable[[dict[str, Any], Query, Store], pipeline.Page]) -> envelope.Envelope:
        fields = read_fields(request)
        query = parse_query(fields, ann_candidates)
        page = search(fields, query, catalogue.get(parse_collection(fields)))
        metrics.search(page.seconds)
        return envelope.success(page_data(page))

    def embed(images: Sequence[bytes], box: Box | None) -> Extraction:
        return extractor.embed(images, box, request_id())

    def record_of(id_: str) -> Record:
        return pipeline.find_record(id_, catalogue.get(parse_collection(request.args)))

    @api.post("/searchByImage")
    def search_by_image() -> envelope.Envelope:
        return answer(
            lambda fields, query, store: pipeline.search_by_images(
                read_images(request, fields, max_bytes, MAX_QUERIES), query, embed, store
            )
        )

    @api.post("/searchById")
    def search_by_id() -> envelope.Envelope:
        return answer(lambda fields, query, store: pipeline.search_by_ids(parse_ids(fields), query, store))

    @api.post("/searchByVector")
    def search_by_vector() -> envelope.Envelope:
        fingerprint = request.headers.get(FINGERPRINT_HEADER)
        return answer(
            lambda fields, query, store: pipeline.search_by_vector(
                decode_vector(fields.get("vector")), fingerprint, query, store
            )
        )

    @api.post("/compare")
    def compare() -> envelope.Envelope:
        images = read_images(request, read_fields(request), max_bytes, 2)
        cosine, fingerprint = pipeline.compare_images(images, embed)
        return envelope.success({"score": cosine, "model": fingerprint})

    @api.get("/collections")
    def collections() -> envelope.Envelope:
        return envelope.success({"collections": [collection_data(one) for one in catalogue.summaries()]})

    @api.get("/images")
    def list_images() -> envelope.Envelope:
        store = catalogue.get(parse_collection(request.args))
        return envelope.success(records_data(pipeline.list_records(parse_listing(read_fields(request)), store)))

    @api.get("/images/<id_>")
    def image(id_: str) -> envelope.Envelope:
        return envelope.success(record_data(record_of(id_)))

    @api.get("/images/<id_>/file")
    def image_file(id_: str) -> Response:
        record = record_of(id_)
        found = files.file(record)
        name = " ".join(found.path.name.split())  # a header has one line, a file's name may have more
        return _guarded(
            send_file(found.path, mimetype=found.media_type, download_name=name, etag=record.sha256, max_age=_ONE_DAY)
        )

    @api.get("/images/<id_>/thumbnail")
    def image_thumbnail(id_: str) -> Response:
        record = record_of(id_)
        thumbnail = Response(files.thumbnail(record), mimetype="image/jpeg")
        thumbnail.set_etag(f"{record.sha256}-thumbnail")
        thumbnail.cache_control.max_age = _ONE_DAY
        thumbnail.make_conditional(request)
        return _guarded(thumbnail)

    @api.get("/readyz")
    def readyz() -> envelope.Envelope:
        catalogue.ping()
        extractor.ping()
        return envelope.success({"status": "ready"})

    return api


def _guarded(answer: Response) -> Response:
    """An image is a stranger's file: no browser may take it for anything else."""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
