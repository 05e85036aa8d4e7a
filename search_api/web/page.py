"""The page at /: a shell in the reader's language, with the config and messages that its modules need."""

from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint, Response, make_response, render_template, request

from imaging import ACCEPT
from search_api.embedding.client import ExtractorClient
from search_api.embedding.errors import ExtractorBusy, ExtractorUnavailable
from search_api.images.paths import UPLOADS
from search_api.jobs.job import ENDED, RESUMABLE
from search_api.stores.base import MAX_DEPTH, MODES, Mode, StoreMissing, StoreTimeout, StoreUnavailable
from search_api.stores.catalogue import Catalogue
from search_api.web.locales import LANGUAGES, read_messages
from search_api.web.parameters import page_parameters, parse_collection
from search_api.web.response_types import PageConfigData
from search_api.web.services import Services
from serving.errors import BadParameter, NotFound
from wire.envelope import Envelope, success

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_STATIC = Path(__file__).parent / "static"
_PAGE_SIZE = 50
_MAX_IMAGES_A_BATCH = 8
_ONE_YEAR = 365 * 86_400


def suggested_threshold(extractor: ExtractorClient) -> float | None:
    """Return the score from which the extractor's model takes images for similar; None while the extractor is away."""
    try:
        suggested = extractor.model().get("suggestedThreshold")
    except (ExtractorUnavailable, ExtractorBusy):
        return None
    return float(suggested) if isinstance(suggested, int | float) else None


def make_page(services: Services) -> Blueprint:
    """Return the routes of the page, its config and its static files."""
    page = Blueprint("page", __name__, template_folder="templates", static_folder="static", static_url_path="/static")
    catalogs = {language: read_messages(language) for language in LANGUAGES}
    modules = sorted(path.name for path in _STATIC.glob("*.js"))

    @page.get("/")
    def index() -> Response:
        messages = catalogs[_language()]
        bootstrap = _bootstrap_config(services, _collection())
        answer = make_response(
            render_template(
                "index.html", t=messages, bootstrap=bootstrap, accept=ACCEPT, modules=modules, languages=LANGUAGES
            )
        )
        answer.headers["Content-Security-Policy"] = _POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers["Content-Language"] = messages.language
        answer.headers["Cache-Control"] = "no-cache"
        answer.headers["Vary"] = "Accept-Language, Cookie"
        if "lang" in request.args:
            answer.set_cookie("lang", messages.language, max_age=_ONE_YEAR, samesite="Lax")
        return answer

    @page.get("/page.json")
    def bootstrap_config() -> Envelope:
        return success(_bootstrap_config(services, parse_collection(request.args)))

    return page


def _bootstrap_config(services: Services, collection: str | None) -> PageConfigData:
    images, modes = _images_and_modes(services.catalogue, collection)
    return {
        "images": images,
        "modes": list(modes),
        "suggestedThreshold": services.suggested_threshold(),
        "parameters": page_parameters(),
        "needsKey": services.guard.needs_key,
        "batchFiles": min(services.limits.max_files, _MAX_IMAGES_A_BATCH),
        "maxBytes": services.limits.max_bytes,
        "maxDepth": MAX_DEPTH,
        "pageSize": _PAGE_SIZE,
        "uploadFolder": UPLOADS,
        "jobStates": {"ended": list(ENDED), "resumable": list(RESUMABLE)},
    }


def _language() -> str:
    """Return the language that was asked for last: in the address, in the cookie, or by the browser."""
    for wish in (request.args.get("lang"), request.cookies.get("lang")):
        if wish in LANGUAGES:
            return wish
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def _collection() -> str | None:
    """Return the collection of the address; None for a name that none can have, which the page reports itself."""
    try:
        return parse_collection(request.args)
    except BadParameter:
        return None


def _images_and_modes(catalogue: Catalogue, collection: str | None) -> tuple[int | None, Sequence[Mode]]:
    """Return how many images ``collection`` has, None where the store cannot tell, and its search modes."""
    if collection is None:
        return 0, MODES
    try:
        store = catalogue.get(collection)
        return store.count(), store.modes
    except (StoreMissing, NotFound):  # the first upload makes it, or the page reports that there is none
        return 0, MODES
    except (StoreUnavailable, StoreTimeout):
        return None, MODES
