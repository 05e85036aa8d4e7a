"""Searching: by an upload, a drop, the clipboard, a part, a result, a link."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from tests.ingest.album import fill, image, put
from tests.page.conftest import Fresh, Open
from tests.page.site import Site
from tests.page.views import VIEWS
from tests.page.visit import upload
from tests.search_api.gallery import COUNT, Gallery, index


def test_the_collection_is_shown_before_anything_is_searched(site: Site, visit: Open) -> None:
    visited = visit(site)
    expect(visited.page.get_by_role("heading", name=visited.text("images", count=COUNT))).to_be_visible()
    expect(visited.tiles).to_have_count(50)
    visited.page.mouse.wheel(0, 20_000)
    expect(visited.tiles).to_have_count(COUNT)
    visited.shot("browse")


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_an_upload_finds_images_with_score_path_and_size(site: Site, visit: Open, gallery: Gallery) -> None:
    visited = visit(site).search_by(upload("mine.jpg", image(7)))
    expect(visited.page.get_by_alt_text(visited.text("query.alt", name="mine.jpg"))).to_be_visible()
    best = gallery.ranking(image(7))[:50]
    assert visited.paths()[:20] == [path for path, _ in best[:20]]
    assert visited.scores()[:20] == [pytest.approx(score, abs=6e-4) for _, score in best[:20]]
    first = visited.tiles.first
    expect(first).to_contain_text("0007.jpg")
    expect(first).to_contain_text(re.compile(r"\d (B|kB)"))
    expect(visited.page.locator("#status")).to_contain_text(str(COUNT))
    visited.shot("results")


def test_an_image_dropped_on_the_search_target_is_searched_by(site: Site, visit: Open) -> None:
    visited = visit(site)
    mine = upload("dropped.jpg", image(3))
    visited.drag([mine], "#targets [data-drop=search]", drop=False)
    expect(visited.page.get_by_text(visited.text("drop.search"), exact=True)).to_be_visible()
    expect(visited.page.get_by_text(visited.text("drop.add"), exact=True)).to_be_visible()
    visited.shot("targets")
    visited.drag([mine], "#targets [data-drop=search]")
    expect(visited.page.locator("#targets")).to_be_hidden()
    expect(visited.page.get_by_alt_text(visited.text("query.alt", name="dropped.jpg"))).to_be_visible()
    assert visited.settle().paths()[0].endswith("0003.jpg")


def test_many_images_cannot_be_dropped_on_the_query(site: Site, visit: Open) -> None:
    visited = visit(site)
    visited.drag([upload("a.jpg", image(1)), upload("b.jpg", image(2))], "#drop", drop=False)
    expect(visited.page.get_by_text(visited.text("drop.search"), exact=True)).to_be_hidden()
    visited.drag([upload("a.jpg", image(1)), upload("b.jpg", image(2))], "#drop")
    expect(visited.page.get_by_role("alert")).to_contain_text(visited.text("drop.single"))


def test_an_image_is_pasted_from_the_clipboard(site: Site, visit: Open) -> None:
    visited = visit(site).paste(upload("clip.jpg", image(11)))
    expect(visited.page.get_by_alt_text(visited.text("query.alt", name=visited.text("query.pasted")))).to_be_visible()
    assert visited.paths()[0].endswith("0011.jpg")


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_a_click_on_a_result_searches_by_it_and_back_returns(site: Site, visit: Open) -> None:
    visited = visit(site).search_by(upload("mine.jpg", image(7)))
    before = visited.paths()
    third = visited.tiles.nth(2)
    id_ = str(third.get_attribute("data-id"))
    third.get_by_role("link").click()
    visited.settle()
    assert f"id={id_}" in visited.page.url
    assert visited.paths()[0] == before[2]
    assert visited.scores()[0] == 1.0
    visited.page.go_back()
    visited.settle()
    expect(visited.page.get_by_alt_text(visited.text("query.alt", name="mine.jpg"))).to_be_visible()
    assert visited.paths() == before


def test_a_link_to_a_search_by_id_lasts(site: Site, visit: Open) -> None:
    visited = visit(site)
    visited.tiles.nth(4).get_by_role("link").click()
    visited.settle()
    visited.button("query.copyLink").click()
    expect(visited.page.get_by_text(visited.text("query.linkCopied"))).to_be_visible()
    link = str(visited.page.evaluate("navigator.clipboard.readText()"))
    found = visited.paths()
    again = visit(site, link.removeprefix(f"{site.search.url}/"))
    assert again.paths() == found
    again.button("query.clear").click()
    expect(again.page.get_by_text(again.text("query.choose"))).to_be_visible()
    assert "id=" not in again.page.url


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_a_part_is_drawn_with_the_mouse_and_searched_by(site: Site, visit: Open) -> None:
    visited = visit(site).search_by(upload("mine.jpg", image(7)))
    whole = visited.scores()
    area = visited.page.locator("#stage").bounding_box()
    assert area is not None
    mouse = visited.page.mouse
    mouse.move(area["x"] + 0.1 * area["width"], area["y"] + 0.2 * area["height"])
    mouse.down()
    mouse.move(area["x"] + 0.6 * area["width"], area["y"] + 0.7 * area["height"], steps=3)
    mouse.up()
    visited.settle()
    sides = parse_qs(urlsplit(visited.page.url).query)["box"][0].split(",")
    assert [float(side) for side in sides] == [pytest.approx(side, abs=0.03) for side in (0.1, 0.2, 0.5, 0.5)]
    assert visited.scores() != whole
    visited.shot("part")
    visited.button("box.end").click()
    visited.settle()
    assert visited.scores() == whole


def test_a_part_is_chosen_with_the_keys_and_is_part_of_the_link(site: Site, visit: Open) -> None:
    visited = visit(site)
    visited.tiles.first.get_by_role("link").click()
    visited.settle()
    visited.button("box.start").click()
    part = visited.page.get_by_role("group", name=visited.text("box.label", left=25, right=75, top=25, bottom=75))
    expect(part).to_be_focused()
    for key in ("ArrowRight", "ArrowDown", "Shift+ArrowRight"):
        visited.page.keyboard.press(key)
    moved = visited.text("box.label", left=27, right=79, top=27, bottom=77)
    expect(visited.page.get_by_role("group", name=moved)).to_be_visible()
    visited.page.wait_for_url(re.compile("box=0.27"))
    visited.settle()
    found = visited.scores()
    again = visit(site, visited.page.url.removeprefix(f"{site.search.url}/"))
    assert again.scores() == found
    visited.page.locator(".part").press("Escape")
    visited.settle()
    assert "box" not in visited.page.url
    assert visited.scores()[0] == 1.0


def test_a_part_up_to_the_edges_stays_inside_the_image(site: Site, visit: Open) -> None:
    visited = visit(site)
    id_ = visited.tiles.first.get_attribute("data-id")
    visited.open(f"?id={id_}&box=0.03125,0.03125,0.9,0.9")  # both its corner and the rest of the side are rounded up
    part = visited.page.locator(".part")
    for key in ("ArrowRight", "ArrowDown"):
        for _ in range(4):
            part.press(f"Shift+{key}")
    visited.page.wait_for_url(re.compile("box=0.0313"))
    visited.settle()
    x, y, w, h = map(float, parse_qs(urlsplit(visited.page.url).query)["box"][0].split(","))
    assert (x + w, y + h) == (1, 1)
    expect(visited.page.get_by_role("alert")).to_have_count(0)
    expect(visited.tiles.first).to_be_visible()


def test_the_image_itself_can_be_left_out(site: Site, visit: Open) -> None:
    visited = visit(site)
    visited.tiles.first.get_by_role("link").click()
    first = visited.settle().paths()[0]
    visited.unfold("options").get_by_label(visited.text("excludeSelf")).check()
    visited.settle()
    assert first not in visited.paths()
    assert "excludeSelf=true" in visited.page.url


def test_an_image_that_the_browser_cannot_show_is_searched_by_all_the_same(site: Site, visit: Open) -> None:
    visited = visit(site).search_by(upload("scan.tif", image(9, "TIFF"), "image/tiff"))
    expect(visited.page.get_by_text(visited.text("query.noPreview", name="scan.tif"))).to_be_visible()
    assert visited.paths()[0].endswith("0009.jpg")


def test_names_that_look_like_markup_are_shown_as_they_are(fresh: Fresh, visit: Open) -> None:
    site = fresh()
    name = "<img src=x onerror=alert(1)>&amp;.jpg"
    put(site.root, f"<b>folder</b>/{name}", image(1))
    fill(site.root, 4)
    index(site.root, site.store)
    visited = visit(site).search_by(upload("<script>alert(1)</script>.jpg", image(1)))
    expect(visited.tiles.first.locator("b")).to_have_text(name)
    assert visited.paths()[0] == f"<b>folder</b>/{name}"
    visited.tiles.first.get_by_role("button").click()
    expect(visited.page.get_by_role("dialog").get_by_role("heading", name=name)).to_be_visible()


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_the_language_can_be_changed_and_stays(site: Site, visit: Open) -> None:
    visited = visit(site)
    other = {"en": "zh-CN", "zh": "en"}[visited.view.language]
    visited.page.get_by_role("link", name=visited.text("language.switch")).click()
    expect(visited.page.locator(f"html[lang={other}]")).to_be_visible()
    visited.open()
    expect(visited.page.locator(f"html[lang={other}]")).to_be_visible()
    assert "lang" not in visited.page.url
