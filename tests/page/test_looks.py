"""What holds for every look of the page: accessible, nothing cut off, large enough for fingers, usable by keys."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it ships no types
from playwright.sync_api import expect

from tests.ingest.album import image
from tests.page.conftest import Open
from tests.page.site import Site
from tests.page.views import ALL_VIEWS, VIEWS, View
from tests.page.visit import Visit, upload

_FINGER = 44
_AXE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def home(_: Visit) -> None:
    """The page as it opens."""


def panels(visited: Visit) -> None:
    visited.unfold("options")
    visited.unfold("collection-panel")


def results(visited: Visit) -> None:
    visited.search_by(upload("mine.jpg", image(7)))


def part(visited: Visit) -> None:
    results(visited)
    visited.button("box.start").click()
    visited.settle()


def details(visited: Visit) -> None:
    results(visited)
    visited.tiles.first.get_by_role("button").click()
    expect(visited.page.get_by_text("48 × 48")).to_be_visible()


def deleting(visited: Visit) -> None:
    details(visited)
    visited.button("details.delete", visited.page.get_by_role("dialog")).click()


def clearing(visited: Visit) -> None:
    visited.unfold("collection-panel")
    visited.button("clear.open").click()


def failure(visited: Visit) -> None:
    visited.provoked = {400}
    visited.search_by(upload("notes.jpg", b"only text"))
    expect(visited.page.get_by_role("alert")).to_be_visible()


def dragging(visited: Visit) -> None:
    visited.drag([upload("mine.jpg", image(7))], "#targets [data-drop=add]", drop=False)


STATES: list[Callable[[Visit], None]] = [home, panels, results, part, details, deleting, clearing, failure, dragging]


@pytest.mark.parametrize("view", ALL_VIEWS, ids=str)
def test_no_serious_or_critical_violation_of_accessibility_and_nothing_is_cut_off(site: Site, visit: Open) -> None:
    found = {}
    for reach in STATES:
        visited = visit(site)
        reach(visited)
        visited.shot(reach.__name__)
        violations = Axe().run(visited.page, options=_AXE).response["violations"]
        found[reach.__name__] = [
            (one["id"], [node["html"] for node in one["nodes"]])
            for one in violations
            if one["impact"] in ("serious", "critical")
        ]
        assert visited.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, reach.__name__
        visited.close()
    assert not any(found.values()), found


@pytest.mark.parametrize("view", [View("en", 390)], ids=str)
def test_what_is_touched_is_large_enough_for_a_finger(site: Site, visit: Open) -> None:
    visited = visit(site)
    for reach in (panels, part, details):
        reach(visited)
        small = visited.page.evaluate(_SMALL_TARGETS, [_PRESSED, _FINGER])
        assert small == [], (reach.__name__, small)
        visited.open()


_PRESSED = "a, button, summary, select, input, label.drop, label.check"
_SMALL_TARGETS = """([pressed, min]) => [...document.querySelectorAll(pressed)]
  .filter((one) => one.checkVisibility() && !one.matches(".skip, .skip *, .visually-hidden, [type=checkbox]"))
  .map((one) => [one.outerHTML.slice(0, 90), one.getBoundingClientRect()])
  .filter(([, box]) => box.height < min - 0.5 || box.width < min - 0.5)
  .map(([html, box]) => [html, box.width, box.height])"""


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_everything_is_reached_by_the_keyboard(site: Site, visit: Open) -> None:
    visited = visit(site)
    visited.page.keyboard.press("Tab")
    expect(visited.page.get_by_role("link", name=visited.text("skip"))).to_be_focused()
    panels(visited)
    reached = set()
    visited.page.locator("#home").focus()
    for _ in range(30):
        visited.page.keyboard.press("Tab")
        reached.add(visited.page.evaluate("document.activeElement.id || document.activeElement.className"))
    assert {
        "language",
        "file",
        "top",
        "threshold",
        "filter-key",
        "exclude-self",
        "collapse",
        "path",
        "files",
    } <= reached
    tile = visited.tiles.nth(1).get_by_role("link")
    tile.focus()
    visited.page.keyboard.press("Enter")
    visited.settle()
    assert "id=" in visited.page.url
    visited.tiles.first.get_by_role("button").focus()
    visited.page.keyboard.press("Enter")
    expect(visited.page.get_by_role("dialog")).to_be_visible()
    visited.page.keyboard.press("Escape")
    expect(visited.page.get_by_role("dialog")).to_be_hidden()
    expect(visited.tiles.first.get_by_role("button")).to_be_focused()


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_images_and_results_have_names_for_screen_readers(site: Site, visit: Open) -> None:
    visited = visit(site)
    results(visited)
    path, score = visited.paths()[0], visited.scores()[0]
    name = f"{visited.text('tile.search', path=path)}, {visited.text('tile.score', score=f'{score:.3f}')}"
    expect(visited.page.get_by_role("link", name=name)).to_be_visible()
    unnamed = "[...document.images].filter((one) => one.checkVisibility() && !one.hasAttribute('alt')).length"
    assert visited.page.evaluate(unnamed) == 0
    expect(visited.page.locator("#status")).to_contain_text("0.90")
