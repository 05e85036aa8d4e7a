"""The JSON and picture routes."""

from collections.abc import Callable
from functools import partial
from typing import Any

from flask import Blueprint, Response, request, send_file

from search_api import pipeline
from search_api.answers import page_data, record_data
from search_api.extractor_client import ExtractorClient
from search_api.metrics import SearchMetrics
from search_api.parameters import Query, parse_id, parse_query
from search_api.pictures import Pictures
from search_api.stores.lazy import LazyStore
from search_api.uploads import read_picture
from serving.fields import read_fields
from serving.request_log import request_id
from wire import envelope
from wire.extraction import FINGERPRINT_HEADER
from wire.vectors import decode_vector

_ONE_DAY = 86_400


def make_api(
    store: LazyStore,
    extractor: ExtractorClient,
    pictures: Pictures,
    metrics: SearchMetrics,
    *,
    max_bytes: int,
    ann_candidates: int,
) -> Blueprint:
    """The routes around one store and one extractor."""
    api = Blueprint("api", __name__)

    def answer(search: Callable[[dict[str, Any], Query], pipeline.Page]) -> envelope.Envelope:
        fields = read_fields(request)
        page = search(fields, parse_query(fields, ann_candidates))
        metrics.search(page.seconds)
        return envelope.success(page_data(page))

    @api.post("/searchByImage")
    def search_by_image() -> envelope.Envelope:
        embed = partial(extractor.embed, request_id=request_id())
        return answer(
            lambda fields, query: pipeline.search_by_picture(
                read_picture(request, fields, max_bytes), query, embed, store.get()
            )
        )

    @api.post("/searchById")
    def search_by_id() -> envelope.Envelope:
        return answer(lambda fields, query: pipeline.search_by_id(parse_id(fields), query, store.get()))

    @api.post("/searchByVector")
    def search_by_vector() -> envelope.Envelope:
        fingerprint = request.headers.get(FINGERPRINT_HEADER)
        return answer(
            lambda fields, query: pipeline.search_by_vector(
                decode_vector(fields.get("vector")), fingerprint, query, store.get()
            )
        )

    @api.get("/images/<id_>")
    def image(id_: str) -> envelope.Envelope:
        return envelope.success(record_data(pipeline.find_record(id_, store.get())))

    @api.get("/images/<id_>/file")
    def image_file(id_: str) -> Response:
        record = pipeline.find_record(id_, store.get())
        found = pictures.file(record)
        name = " ".join(found.path.name.split())  # a header has one line, a file's name may have more
        return _guarded(
            send_file(found.path, mimetype=found.media_type, download_name=name, etag=record.sha256, max_age=_ONE_DAY)
        )

    @api.get("/images/<id_>/thumbnail")
    def image_thumbnail(id_: str) -> Response:
        record = pipeline.find_record(id_, store.get())
        thumbnail = Response(pictures.thumbnail(record), mimetype="image/jpeg")
        thumbnail.set_etag(f"{record.sha256}-thumbnail")
        thumbnail.cache_control.max_age = _ONE_DAY
        thumbnail.make_conditional(request)
        return _guarded(thumbnail)

    @api.get("/readyz")
    def readyz() -> envelope.Envelope:
        store.get().ping()
        extractor.ping()
        return envelope.success({"status": "ready"})

    return api


def _guarded(answer: Response) -> Response:
    """A picture is a stranger's file: no browser may take it for anything else."""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
