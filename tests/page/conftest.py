"""A browser, and services of their own for tests that only read and for those that change something.

Scopes end with this package: while a browser runs, asyncio is taken.
"""

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.page.browser import NoBrowser, launch
from tests.page.site import Site, make_site
from tests.page.views import WIDE, View
from tests.page.visit import Visit
from tests.paths import ROOT
from tests.search_api.gallery import Gallery, make_gallery
from tests.servers.dummy_extractor import dummy_extractor
from tests.servers.process import Service

_PATIENCE_MS = 20_000  # for machines that do much else meanwhile

Open = Callable[..., Visit]
Fresh = Callable[..., Site]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium: Playwright's own, or the system's."""
    with sync_playwright() as playwright, ExitStack() as stack:
        try:
            running = stack.enter_context(launch(playwright))
        except NoBrowser as error:
            pytest.skip(str(error))
        expect.set_options(timeout=_PATIENCE_MS)
        yield running


@pytest.fixture(scope="package")
def extractor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with dummy_extractor(tmp_path_factory.mktemp("extractor") / "log", seconds_a_batch=0.02) as service:
        yield service


@pytest.fixture(scope="package")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    """Indexed images; not to be changed."""
    return make_gallery(tmp_path_factory.mktemp("gallery"))


@pytest.fixture(scope="package")
def site(extractor: Service, gallery: Gallery, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The gallery, for tests that only look."""
    made = make_site(tmp_path_factory.mktemp("site"), extractor.url, gallery.root, gallery.store_url)
    with made.running():
        yield made


@pytest.fixture(scope="package")
def _workshop(extractor: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("workshop")
    (folder / "photos").mkdir()
    made = make_site(folder, extractor.url, folder / "photos", f"embedded://{folder}/images.db")
    with made.running():
        yield made


@pytest.fixture
def own(_workshop: Site) -> Site:
    """A collection of twelve uploaded images that a test may change, and an image root that stays."""
    _workshop.empty()
    _workshop.add(range(12))
    return _workshop


@pytest.fixture
def fresh(extractor: Service, tmp_path: Path) -> Iterator[Fresh]:
    """Starts a service over an empty folder and a store that is not there yet; takes settings without their prefix."""
    with ExitStack() as services:

        def start(**settings: str) -> Site:
            root = tmp_path / "photos"
            root.mkdir()
            made = make_site(tmp_path, extractor.url, root, f"embedded://{tmp_path}/images.db", **settings)
            return services.enter_context(made.running())

        yield start


@pytest.fixture
def view() -> View:
    """English, on a wide window; a module or a test may choose another, or several."""
    return WIDE


@pytest.fixture
def visit(browser: Browser, view: View, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens a site in the browser; a visit fails its test by any error on the page's console."""
    folder = Path(os.environ.get("SCREENSHOTS_DIR", ROOT / "build" / "screenshots"))
    name = request.node.originalname.removeprefix("test_")
    with ExitStack() as visits:

        def start(site: Site, query: str = "", *, provoked: Collection[int | str] = ()) -> Visit:
            begun = visits.enter_context(Visit(browser, site.search.url, view, folder / name))
            begun.provoked = set(provoked)
            return begun.open(query)

        yield start
