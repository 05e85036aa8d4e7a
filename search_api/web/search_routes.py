"""The routes that search and compare."""

from functools import partial

from flask import Blueprint, request

from search_api.embedding.extraction import Embed
from search_api.search.pipeline import (
    SearchPage,
    compare_images,
    search_by_ids,
    search_by_images,
    search_by_vector,
)
from search_api.search.query import MAX_QUERIES
from search_api.web.parameters import parse_collection, parse_ids, parse_query
from search_api.web.responses import comparison_data, search_data
from search_api.web.services import Services
from search_api.web.uploads import read_images
from serving.fields import read_fields
from serving.request_log import request_id
from wire import envelope
from wire.extraction import FINGERPRINT_HEADER
from wire.vectors import decode_vector


def make_search_routes(services: Services) -> Blueprint:
    """Return the routes around the collections and the extractor of ``services``."""
    routes = Blueprint("searches", __name__)
    catalogue, limits = services.catalogue, services.limits

    def embed() -> Embed:
        return partial(services.extractor.embed, request_id=request_id())

    def answer(page: SearchPage) -> envelope.Envelope:
        services.metrics.search(page.seconds)
        return envelope.success(search_data(page))

    @routes.post("/searchByImage")
    def by_image() -> envelope.Envelope:
        fields = read_fields(request)
        query = parse_query(fields, limits.ann_candidates)
        images = read_images(request, fields, limits.max_bytes, MAX_QUERIES)
        store = catalogue.get(parse_collection(fields))
        return answer(search_by_images(images, query, embed(), store))

    @routes.post("/searchById")
    def by_id() -> envelope.Envelope:
        fields = read_fields(request)
        query = parse_query(fields, limits.ann_candidates)
        ids = parse_ids(fields)
        store = catalogue.get(parse_collection(fields))
        return answer(search_by_ids(ids, query, store))

    @routes.post("/searchByVector")
    def by_vector() -> envelope.Envelope:
        fields = read_fields(request)
        query = parse_query(fields, limits.ann_candidates)
        vector = decode_vector(fields.get("vector"))
        store = catalogue.get(parse_collection(fields))
        return answer(search_by_vector(vector, request.headers.get(FINGERPRINT_HEADER), query, store))

    @routes.post("/compare")
    def compare() -> envelope.Envelope:
        images = read_images(request, read_fields(request), limits.max_bytes, 2)
        return envelope.success(comparison_data(*compare_images(images, embed())))

    return routes
