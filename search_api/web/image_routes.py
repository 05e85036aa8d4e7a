"""The routes that change what is indexed."""

from collections.abc import Sequence

from flask import Blueprint, request

from search_api.embedding.client import Extraction, ExtractorClient
from search_api.images import add
from search_api.images.edit import change_metadata, clear_records, delete_record
from search_api.images.metadata import parse_changes, parse_metadata
from search_api.images.thumbnails import ImageFiles
from search_api.images.upload_storage import UploadStorage
from search_api.stores.catalogue import Catalogue
from search_api.web.auth import WritingGuard
from search_api.web.parameters import parse_collection, parse_confirmation
from search_api.web.responses import additions_data, record_data
from search_api.web.uploads import read_uploads
from serving.fields import read_fields
from serving.request_log import request_id
from wire import envelope


def make_changes(
    catalogue: Catalogue,
    extractor: ExtractorClient,
    storage: UploadStorage,
    files: ImageFiles,
    guard: WritingGuard,
    *,
    max_bytes: int,
    max_files: int,
) -> Blueprint:
    """The routes around the collections of ``catalogue``."""
    changes = Blueprint("changes", __name__)

    @changes.before_request
    def guarded() -> None:
        guard.check(request)

    def embed(images: Sequence[bytes]) -> Extraction:
        return extractor.embed(images, request_id=request_id())

    @changes.post("/images")
    def add_images() -> envelope.Envelope:
        fields = read_fields(request)
        metadata = parse_metadata(fields.get("metadata"))
        uploads = read_uploads(request, max_bytes, max_files)
        store = catalogue.get_or_create(parse_collection(fields), extractor.model)
        additions = add.add_images(uploads, metadata, embed, store, storage)
        return envelope.success(additions_data(additions, store.count()))

    @changes.patch("/images/<id_>")
    def change_image(id_: str) -> envelope.Envelope:
        fields = read_fields(request)
        store = catalogue.get(parse_collection(fields))
        record = change_metadata(id_, parse_changes(fields.get("metadata")), store, storage)
        return envelope.success(record_data(record))

    @changes.delete("/images/<id_>")
    def delete_image(id_: str) -> envelope.Envelope:
        store = catalogue.get(parse_collection(request.args))
        files.forget([delete_record(id_, store, storage)])
        return envelope.success({"deleted": 1, "images": store.count()})

    @changes.delete("/images")
    def delete_images() -> envelope.Envelope:
        store = catalogue.get(parse_collection(request.args))
        deleted = clear_records(parse_confirmation(request.args), store, storage)
        files.forget(deleted)
        return envelope.success({"deleted": len(deleted), "images": store.count()})

    return changes
