"""Every error of the API is shown in the reader's language, with the detail that the service gives."""

import re
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

from tests.extractor.dummy import FEATURELESS, MODEL
from tests.images import encoded
from tests.ingest.album import fill, image
from tests.page.conftest import Fresh, Open
from tests.page.site import MAX_BYTES, Site
from tests.page.visit import upload
from tests.search_api.gallery import index
from tests.servers.dummy_extractor import dummy_extractor

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
BAD = {
    "empty_image": upload("nothing.jpg", b""),
    "not_an_image": upload("notes.jpg", b"only text, nothing else"),
    "unsupported_format": upload("drawing.svg", SVG, "image/svg+xml"),
    "truncated_image": upload("half.jpg", image(3)[:700]),
    "image_too_large": upload("heavy.jpg", image(3) + bytes(MAX_BYTES)),
    "too_many_pixels": upload("vast.png", encoded(Image.new("1", (9_000, 9_000)), "PNG"), "image/png"),
    "no_features": upload("grey.png", encoded(Image.new("RGB", (64, 64), FEATURELESS), "PNG"), "image/png"),
}


def test_an_image_that_cannot_be_searched_by_says_why(site: Site, visit: Open) -> None:
    visited = visit(site, provoked=[400, 413, 422])
    alert = visited.page.get_by_role("alert")
    for name, bad in BAD.items():
        visited.search_by(bad)
        expect(alert, name).to_contain_text(visited.text(f"error.{name}"))
        expect(alert.locator("p").nth(1), name).to_contain_text(re.compile(r"\w+ \w+"))
        expect(visited.tiles, name).to_have_count(0)
        visited.search_by(upload("good.jpg", image(3)))
        expect(alert, name).to_have_count(0)
        assert visited.paths()[0].endswith("0003.jpg"), name


def test_a_link_to_an_image_that_is_gone_says_so(site: Site, visit: Open) -> None:
    visited = visit(site)
    visited.provoked = {404}
    visited.open(f"?id={'0' * 32}")
    expect(visited.page.get_by_role("alert")).to_contain_text(visited.text("error.not_found"))


def test_a_link_to_a_collection_that_is_gone_says_so(site: Site, visit: Open) -> None:
    visited = visit(site)
    visited.provoked = {404}
    visited.open("?collection=gone")
    expect(visited.page.locator("#notice").get_by_role("alert")).to_contain_text(visited.text("error.not_found"))


def test_a_part_outside_the_image_says_so(site: Site, visit: Open) -> None:
    visited = visit(site)
    visited.provoked = {400}
    id_ = visited.tiles.first.get_attribute("data-id")
    visited.open(f"?id={id_}&box=0.9,0.9,0.9,0.9")
    expect(visited.page.get_by_role("alert")).to_contain_text(visited.text("error.bad_box"))


def test_an_extractor_that_is_away_is_reported_and_asked_again(fresh: Fresh, visit: Open) -> None:
    site = fresh(EXTRACTOR_URL="http://127.0.0.1:9")
    fill(site.root, 3)
    index(site.root, site.store)
    visited = visit(site)
    visited.provoked = {503}
    expect(visited.tiles).to_have_count(3)
    visited.unfold("options")
    expect(visited.page.get_by_role("slider", name=visited.text("score.label"))).to_have_value("0.8")
    visited.search_by(upload("mine.jpg", image(1)))
    expect(visited.page.get_by_role("alert")).to_contain_text(visited.text("error.extractor_unavailable"))
    visited.tiles.first.wait_for(state="detached")
    visited.button("results.retry").click()
    visited.settle()
    expect(visited.page.get_by_role("alert")).to_contain_text(visited.text("error.extractor_unavailable"))


def test_a_service_that_is_gone_is_reported(fresh: Fresh, visit: Open) -> None:
    site = fresh()
    fill(site.root, 3)
    index(site.root, site.store)
    visited = visit(site)
    visited.provoked = {"ERR_CONNECTION", "ERR_EMPTY"}
    site.search.stop()
    visited.tiles.first.get_by_role("link").click()
    visited.settle()
    expect(visited.page.get_by_role("alert")).to_contain_text(visited.text("error.unreachable"))
    site.search.start()
    visited.button("results.retry").click()
    visited.settle()
    assert visited.scores()[0] == 1.0


def test_the_suggested_threshold_comes_when_the_extractor_does(fresh: Fresh, visit: Open, tmp_path: Path) -> None:
    late = dummy_extractor(tmp_path / "late")
    visited = visit(fresh(EXTRACTOR_URL=late.url))
    visited.unfold("options")
    slider = visited.page.get_by_role("slider", name=visited.text("score.label"))
    expect(slider).to_have_value("0.8")
    with late:
        expect(slider).to_have_value(str(MODEL.suggested_threshold), timeout=30_000)


def test_a_store_that_is_away_is_not_taken_for_an_empty_collection(fresh: Fresh, visit: Open) -> None:
    visited = visit(fresh(STORE_URL="elasticsearch://127.0.0.1:9/images"), provoked=[503])
    expect(visited.page.locator("#count")).to_have_text(visited.text("images.unknown"))
    expect(visited.page.locator("#notice").get_by_role("alert")).to_contain_text(
        visited.text("error.store_unavailable")
    )
    expect(visited.page.get_by_role("heading", name=visited.text("empty.title"))).to_be_hidden()
