"""The page at /: pick or drop a picture and see the best finds."""

from flask import Blueprint, Response, make_response, render_template

from search_api.stores.base import StoreTimeout, StoreUnavailable
from search_api.stores.lazy import LazyStore

_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'"


def make_page(store: LazyStore) -> Blueprint:
    """The page and its static files."""
    page = Blueprint("page", __name__, template_folder="templates", static_folder="static", static_url_path="/static")

    @page.get("/")
    def index() -> Response:
        answer = make_response(render_template("index.html", images=_count(store)))
        answer.headers["Content-Security-Policy"] = _POLICY
        return answer

    return page


def _count(store: LazyStore) -> int | None:
    try:
        return store.get().count()
    except (StoreUnavailable, StoreTimeout):
        return None
