"""The routes of indexed images and collections: listing, showing, adding, editing, deleting."""

from functools import partial

from flask import Blueprint, Response, request, send_file

from search_api.images.add import add_images
from search_api.images.edit import change_metadata, clear_records, delete_record
from search_api.images.records import find_record, list_records
from search_api.stores.base import Record
from search_api.web.auth import guard_changes
from search_api.web.metadata_fields import parse_changes, parse_metadata
from search_api.web.parameters import parse_collection, parse_confirmation, parse_listing
from search_api.web.responses import added_data, collections_data, deleted_data, listing_data, record_data
from search_api.web.services import Services
from search_api.web.uploads import read_uploads
from serving.fields import read_fields
from serving.request_log import request_id
from wire import envelope

_ONE_DAY = 86_400


def make_image_routes(services: Services) -> Blueprint:
    """Return the routes that read images and records, and those that change them."""
    routes = Blueprint("images", __name__)
    guard_changes(routes, services.guard)
    _add_reading(routes, services)
    _add_files(routes, services)
    _add_changes(routes, services)
    return routes


def _add_reading(routes: Blueprint, services: Services) -> None:
    catalogue = services.catalogue

    @routes.get("/collections")
    def collections() -> envelope.Envelope:
        return envelope.success(collections_data(catalogue.summaries()))

    @routes.get("/images")
    def images() -> envelope.Envelope:
        listing = parse_listing(read_fields(request))
        store = catalogue.get(parse_collection(request.args))
        return envelope.success(listing_data(list_records(listing, store)))

    @routes.get("/images/<id_>")
    def image(id_: str) -> envelope.Envelope:
        return envelope.success(record_data(_record(id_, services)))


def _add_files(routes: Blueprint, services: Services) -> None:
    @routes.get("/images/<id_>/file")
    def image_file(id_: str) -> Response:
        record = _record(id_, services)
        found = services.files.file(record)
        name = " ".join(found.path.name.split())  # a header has one line, a file's name may have more
        return _sandboxed(
            send_file(found.path, mimetype=found.media_type, download_name=name, etag=record.sha256, max_age=_ONE_DAY)
        )

    @routes.get("/images/<id_>/thumbnail")
    def image_thumbnail(id_: str) -> Response:
        record = _record(id_, services)
        thumbnail = Response(services.files.thumbnail(record), mimetype="image/jpeg")
        thumbnail.set_etag(f"{record.sha256}-thumbnail")
        thumbnail.cache_control.max_age = _ONE_DAY
        thumbnail.make_conditional(request)
        return _sandboxed(thumbnail)


def _add_changes(routes: Blueprint, services: Services) -> None:
    catalogue, storage, limits = services.catalogue, services.storage, services.limits

    @routes.post("/images")
    def add() -> envelope.Envelope:
        fields = read_fields(request)
        metadata = parse_metadata(fields.get("metadata"))
        uploads = read_uploads(request, limits.max_bytes, limits.max_files)
        store = catalogue.get_or_create(parse_collection(fields), services.extractor.model)
        embed = partial(services.extractor.embed, request_id=request_id())
        additions = add_images(uploads, metadata, embed, store, storage)
        return envelope.success(added_data(additions, store.count()))

    @routes.patch("/images/<id_>")
    def edit(id_: str) -> envelope.Envelope:
        fields = read_fields(request)
        changes = parse_changes(fields.get("metadata"))
        store = catalogue.get(parse_collection(fields))
        return envelope.success(record_data(change_metadata(id_, changes, store, storage)))

    @routes.delete("/images/<id_>")
    def delete(id_: str) -> envelope.Envelope:
        store = catalogue.get(parse_collection(request.args))
        services.files.delete_thumbnails([delete_record(id_, store, storage)])
        return envelope.success(deleted_data(1, store))

    @routes.delete("/images")
    def clear() -> envelope.Envelope:
        confirmed = parse_confirmation(request.args)
        store = catalogue.get(parse_collection(request.args))
        deleted = clear_records(confirmed, store, storage)
        services.files.delete_thumbnails(deleted)
        return envelope.success(deleted_data(len(deleted), store))


def _record(id_: str, services: Services) -> Record:
    return find_record(id_, services.catalogue.get(parse_collection(request.args)))


def _sandboxed(answer: Response) -> Response:
    """Return ``answer``, whose file is a stranger's: no browser may take it for anything but an image."""
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
