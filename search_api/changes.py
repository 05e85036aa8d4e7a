"""The routes that change what is indexed."""

from flask import Blueprint, request

from search_api import pipeline
from search_api.access import WritingGuard
from search_api.stores.lazy import LazyStore
from wire import envelope


def make_changes(store: LazyStore, guard: WritingGuard) -> Blueprint:
    """The routes around one store."""
    changes = Blueprint("changes", __name__)

    @changes.before_request
    def guarded() -> None:
        guard.check(request)

    @changes.delete("/images/<id_>")
    def delete_image(id_: str) -> envelope.Envelope:
        pipeline.delete_record(id_, store.get())
        return envelope.success({"deleted": 1})

    return changes
