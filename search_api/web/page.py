"""The page at /: a shell in the reader's language, with the facts and texts that its modules need."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from search_api.embedding.client import ExtractorClient
from search_api.embedding.errors import ExtractorBusy, ExtractorUnavailable
from search_api.search.query import DEFAULT_SCORE
from search_api.stores.base import MAX_DEPTH, MODES, Mode, StoreMissing, StoreTimeout, StoreUnavailable
from search_api.stores.catalogue import Catalogue
from search_api.web.locales import LANGUAGES, Texts, read_texts
from search_api.web.parameters import parse_collection
from serving.errors import BadParameter, NotFound

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_STATIC = Path(__file__).parent / "static"
_PAGE_SIZE = 50
_MAX_IMAGES_A_BATCH = 8
_ONE_YEAR = 365 * 86_400


@dataclass(frozen=True)
class PageConfig:
    """What the page is told of the service. ``suggested_threshold`` answers soon, with None while nobody knows."""

    suggested_threshold: Callable[[], float | None]
    needs_key: bool
    max_files: int
    max_bytes: int


def suggested_threshold(extractor: ExtractorClient) -> float | None:
    """The score above which the extractor's model finds images alike; None while the extractor is away."""
    try:
        found = extractor.model().get("suggestedThreshold")
    except (ExtractorUnavailable, ExtractorBusy):
        return None
    return float(found) if isinstance(found, int | float) else None


def make_page(catalogue: Catalogue, facts: PageConfig) -> Blueprint:
    """The page and its static files."""
    page = Blueprint("page", __name__, template_folder="templates", static_folder="static", static_url_path="/static")
    catalogs = {language: read_texts(language) for language in LANGUAGES}
    modules = sorted(path.name for path in _STATIC.glob("*.js"))

    @page.get("/")
    def index() -> Response:
        texts = catalogs[_language()]
        images, modes = _seen(catalogue)
        told = _bootstrap_config(facts, texts, images, modes)
        answer = make_response(
            render_template("index.html", t=texts, images=images, told=told, modules=modules, languages=LANGUAGES)
        )
        answer.headers["Content-Security-Policy"] = _POLICY
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["Referrer-Policy"] = "same-origin"
        answer.headers["Content-Language"] = texts.language
        answer.headers["Cache-Control"] = "no-cache"
        answer.headers["Vary"] = "Accept-Language, Cookie"
        if "lang" in request.args:
            answer.set_cookie("lang", texts.language, max_age=_ONE_YEAR, samesite="Lax")
        return answer

    return page


def _bootstrap_config(facts: PageConfig, texts: Texts, images: int | None, modes: Sequence[Mode]) -> dict[str, Any]:
    return {
        "language": texts.language,
        "images": images,
        "modes": modes,
        "suggestedThreshold": facts.suggested_threshold(),
        "defaultThreshold": DEFAULT_SCORE,
        "needsKey": facts.needs_key,
        "batchFiles": min(facts.max_files, _MAX_IMAGES_A_BATCH),
        "maxBytes": facts.max_bytes,
        "maxDepth": MAX_DEPTH,
        "pageSize": _PAGE_SIZE,
    }


def _language() -> str:
    """The language that was asked for last: in the address, in the cookie, or by the browser."""
    for wish in (request.args.get("lang"), request.cookies.get("lang")):
        if wish in LANGUAGES:
            return wish
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def _seen(catalogue: Catalogue) -> tuple[int | None, Sequence[Mode]]:
    """How many images are in the collection of the address, None where the store cannot tell, and its search modes."""
    try:
        store = catalogue.get(parse_collection(request.args))
        return store.count(), store.modes
    except (StoreMissing, NotFound, BadParameter):  # the page asks again and says which
        return 0, MODES
    except (StoreUnavailable, StoreTimeout):
        return None, MODES
