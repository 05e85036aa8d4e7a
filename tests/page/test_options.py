"""The sliders, the filter, paging, and several collections."""

import json
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
from playwright.sync_api import Locator, Route, expect

from search_api.stores.url import with_metric
from tests.answers import assert_success
from tests.extractor.dummy import MODEL
from tests.images import drawing, encoded
from tests.ingest.album import fill, image, put
from tests.page.conftest import Fresh, Open
from tests.page.site import Site
from tests.page.views import PHONE, VIEWS, View
from tests.page.visit import Visit, upload
from tests.search_api.gallery import COUNT, Gallery, index


@pytest.fixture
def view() -> View:
    """A phone, on which the options are folded away at first."""
    return PHONE


def searched(visit: Open, site: Site) -> Visit:
    return visit(site).search_by(upload("mine.jpg", image(7)))


def test_the_threshold_starts_at_the_models_value_and_lower_results_are_not_hidden(site: Site, visit: Open) -> None:
    visited = searched(visit, site)
    visited.unfold("options")
    slider = visited.page.get_by_role("slider", name=visited.text("score.label"))
    assert slider.input_value() == str(MODEL.suggested_threshold)
    expect(visited.page.locator(".lower")).to_contain_text(f"{MODEL.suggested_threshold:.2f}")
    assert min(visited.scores()) < MODEL.suggested_threshold


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_the_threshold_filters_live_and_what_is_below_is_one_click_away(site: Site, visit: Open) -> None:
    visited = searched(visit, site)
    visited.unfold("options")
    scores = visited.scores()
    bound = round((scores[4] + scores[5]) / 2, 2)
    reach = sum(score >= bound for score in scores)
    assert 1 < reach < COUNT
    shown = f"{bound:.2f}"
    asked = visited.asked.count("/searchByImage")
    visited.slide("threshold", bound)
    expect(visited.tiles).to_have_count(reach)
    assert visited.asked.count("/searchByImage") == asked
    expect(visited.page.locator("#status")).to_contain_text(shown)
    below = visited.text("results.below", count=COUNT - reach, bound=shown)
    expect(visited.page.get_by_text(below)).to_be_visible()
    visited.shot("threshold")
    visited.button("results.showLower").click()
    assert len(visited.scores()) > reach
    visited.button("results.hideLower").click()
    expect(visited.tiles).to_have_count(reach)
    assert f"score={bound}" in visited.page.url
    visited.button("score.reset", score=f"{MODEL.suggested_threshold:.2f}").click()
    assert "score" not in visited.page.url


def test_when_nothing_passes_the_nearest_are_shown_and_the_page_says_so(site: Site, visit: Open) -> None:
    visited = visit(site)
    visited.search_by(upload("new.jpg", image(1_000)))
    best = max(visited.scores())
    expect(visited.page.get_by_text(visited.text("results.noneAbove", bound="0.90"))).to_be_visible()
    expect(visited.page.get_by_text(visited.text("results.noneAbove.hint", best=f"{best:.3f}"))).to_be_visible()
    visited.shot("nothing")


def test_show_top_limits_the_results(site: Site, visit: Open) -> None:
    visited = searched(visit, site)
    visited.unfold("options")
    first = visited.paths()[:10]
    visited.slide("top", 1)
    expect(visited.tiles).to_have_count(10)
    assert visited.paths() == first
    expect(visited.page.get_by_text(visited.text("top.value", count=10), exact=True)).to_be_visible()
    expect(visited.page.get_by_text(visited.text("results.topReached", count=10))).to_be_visible()
    assert "top=10" in visited.page.url
    visited.slide("top", 8)
    assert len(visited.paths()) > 10


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_results_go_on_while_one_scrolls(site: Site, visit: Open) -> None:
    visited = searched(visit, site)
    visited.page.mouse.wheel(0, 30_000)
    expect(visited.tiles).to_have_count(COUNT)
    assert visited.scores() == sorted(visited.scores(), reverse=True)
    assert len(set(visited.paths())) == COUNT


def test_metadata_filters_by_chip_by_form_and_by_link(site: Site, visit: Open, gallery: Gallery) -> None:
    visited = searched(visit, site)
    chip = visited.page.locator("#facets").get_by_role("button", name="1", exact=True)
    chip.click()
    visited.settle()
    in_one = [name for name in gallery.names if name.startswith("1/")]
    assert sorted(visited.paths()) == in_one
    visited.unfold("options")
    visited.page.get_by_role("combobox", name=visited.text("filter.key")).fill("folder")
    visited.page.get_by_role("combobox", name=visited.text("filter.value")).fill("2")
    visited.button("filter.add").click()
    visited.settle()
    assert {path[0] for path in visited.paths()} == {"1", "2"}
    visited.shot("filtered")
    again = visit(site, visited.page.url.removeprefix(f"{site.search.url}/"))
    assert sorted(again.paths()) == sorted(name for name in gallery.names if name[0] in "12")
    again.button("filter.remove", key="folder", value="1").click()
    again.settle()
    assert {path[0] for path in again.paths()} == {"2"}


def test_a_filter_that_matches_nothing_says_so(site: Site, visit: Open) -> None:
    visited = visit(site, '?filter={"folder":["none such"]}')
    expect(visited.page.get_by_text(visited.text("results.none"), exact=True)).to_be_visible()
    expect(visited.tiles).to_have_count(0)


def test_near_duplicates_are_grouped(fresh: Fresh, visit: Open) -> None:
    site = fresh()
    for name in ("a", "b", "c"):
        put(site.root, f"copies/{name}.jpg", encoded(drawing(200, 150), "JPEG", comment=name.encode()))
    fill(site.root, 3)
    index(site.root, site.store)
    visited = visit(site)
    visited.search_by(upload("mine.jpg", encoded(drawing(200, 150), "JPEG")))
    expect(visited.tiles).to_have_count(6)
    visited.unfold("options").get_by_label(visited.text("collapse")).check()
    visited.settle()
    expect(visited.tiles).to_have_count(4)
    expect(visited.tiles.first).to_contain_text(visited.text("results.similar", count=2))
    visited.tiles.first.get_by_role("button").click()
    expect(visited.page.get_by_role("dialog").locator(".copies a")).to_have_count(2)
    visited.shot("copies")


def test_the_collection_is_chosen_and_is_part_of_the_link(fresh: Fresh, visit: Open) -> None:
    site = fresh()
    site.index_beside(shoes=3, default=12)
    visited = visit(site)
    expect(visited.tiles).to_have_count(12)
    visited.page.get_by_label(visited.text("collection")).select_option("shoes")
    expect(visited.tiles).to_have_count(3)
    expect(visited.page.locator("#count")).to_have_text(visited.text("images", count=3))
    visited.tiles.first.get_by_role("link").click()
    visited.settle()
    assert "collection=shoes" in visited.page.url
    visited.shot("chosen")
    again = visit(site, visited.page.url.removeprefix(f"{site.search.url}/"))
    assert again.paths() == visited.paths()
    expect(again.page.get_by_label(again.text("collection"))).to_have_value("shoes")
    again.page.get_by_label(again.text("collection")).select_option("")
    expect(again.tiles).to_have_count(12)


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_a_collection_of_distances_has_a_slider_over_distances(fresh: Fresh, visit: Open) -> None:
    site = fresh()
    fill(site.root, 12)
    index(site.root, with_metric(site.store, "l2"))
    visited = visit(site).search_by(upload("mine.jpg", image(7)))
    distances = visited.scores()
    assert len(distances) == 12
    assert distances[0] == pytest.approx(0, abs=1e-3)
    assert distances == sorted(distances)
    visited.unfold("options")
    slider = visited.page.get_by_role("slider", name=visited.text("distance.label"))
    middle = distances[5] + (distances[6] - distances[5]) / 2
    slider.fill(str(_nearest_stop(slider, middle)))
    shown = len(visited.scores())
    assert 1 < shown < 12
    bound = str(visited.page.locator("#threshold-value").text_content())
    expect(visited.page.get_by_text(visited.text("results.beyond", count=12 - shown, bound=bound))).to_be_visible()
    assert "distance=" in visited.page.url
    visited.shot("distances")
    visited.button("distance.any").click()
    expect(visited.tiles).to_have_count(12)


def test_a_collection_that_is_searched_by_ann_alone_is_asked_so(fresh: Fresh, visit: Open) -> None:
    site = fresh()
    site.index_beside(shoes=3, default=3)
    visited = visit(site)
    visited.page.route("**/collections*", lambda route: _answer_modes(route, shoes=["ann"]))
    visited.open()
    assert _fields_of_a_search(visited)["mode"] == "exact"
    visited.page.get_by_label(visited.text("collection")).select_option("shoes")
    expect(visited.page.locator("#count")).to_have_text(visited.text("images", count=3))
    visited.settle()
    assert _fields_of_a_search(visited)["mode"] == "ann"


def test_the_first_search_knows_the_mode_before_the_collections_are_listed(site: Site, visit: Open) -> None:
    visited = visit(site)
    visited.provoked = {"ERR_FAILED"}
    visited.page.route("**/collections*", lambda route: route.abort())
    visited.page.route(f"{site.search.url}/", _offer_ann_alone)
    visited.open()
    assert _fields_of_a_search(visited)["mode"] == "ann"


def test_a_parameter_without_a_control_stays_in_the_address_and_is_sent(site: Site, visit: Open) -> None:
    visited = visit(site, "?mode=ann&includeVector=true")
    fields = _fields_of_a_search(visited)
    assert (fields["mode"], fields["includeVector"]) == ("ann", True)
    visited.unfold("options").get_by_label(visited.text("excludeSelf")).check()
    visited.settle()
    assert {"mode=ann", "includeVector=true", "excludeSelf=true"} <= set(urlsplit(visited.page.url).query.split("&"))


def test_a_parameter_that_the_page_has_never_heard_of_is_sent_too(site: Site, visit: Open) -> None:
    visited = visit(site)
    visited.page.route(f"{site.search.url}/?*", _add_parameters)
    visited.open("?brightness=2.5&note=a+b&page=3")
    fields = _fields_of_a_search(visited)
    assert (fields["brightness"], fields["note"], fields["page"]) == (2.5, "a b", 1)
    query = set(urlsplit(visited.page.url).query.split("&"))
    assert {"brightness=2.5", "note=a+b"} <= query
    assert "page=3" not in query


def test_numbers_and_booleans_are_filtered_by_as_the_service_writes_them(own: Site, visit: Open) -> None:
    for number, metadata in enumerate(({"dose": 0.00001}, {"dose": 0, "sold": False}, {"dose": "0.00001"})):
        file = ("file", (f"{number}.jpg", image(500 + number)))
        data = {"metadata": json.dumps(metadata)}
        assert_success(requests.post(f"{own.search.url}/images", files=[file], data=data, timeout=60))
    visited = visit(own, '?filter={"dose":[0.00001]}')
    expect(visited.tiles).to_have_count(1)
    visited.tiles.first.get_by_role("button").click()
    visited.page.get_by_role("dialog").get_by_role("button", name="0.00001", exact=True).click()
    visited.settle()
    chips = visited.page.locator("#facets .chosen")
    expect(chips).to_have_count(1)  # it was filtered by already
    expect(visited.tiles).to_have_count(1)
    visited.button("filter.remove", key="dose", value="0.00001").click()
    expect(visited.tiles).to_have_count(15)
    visited.open('?filter={"sold":[false]}')
    expect(visited.tiles).to_have_count(1)
    visited.unfold("options")
    visited.page.get_by_role("combobox", name=visited.text("filter.key")).fill("dose")
    visited.page.get_by_role("combobox", name=visited.text("filter.value")).fill("0")
    visited.button("filter.add").click()
    expect(chips).to_have_count(2)
    expect(visited.tiles).to_have_count(1)


def _fields_of_a_search(visited: Visit) -> dict[str, Any]:
    with visited.page.expect_request("**/searchById*") as asked:
        visited.tiles.first.get_by_role("link").click()
    visited.settle()
    return dict(json.loads(asked.value.post_data or "{}"))


def _answer_modes(route: Route, **modes: list[str]) -> None:
    answer = route.fetch()
    body = answer.json()
    for collection in body["data"]["collections"]:
        collection["modes"] = modes.get(collection["name"], ["exact", "ann"])
    route.fulfill(response=answer, json=body)


def _offer_ann_alone(route: Route) -> None:
    answer = route.fetch()
    body = answer.text()
    modes = '"modes": ["exact", "ann"]'
    assert modes in body
    route.fulfill(response=answer, body=body.replace(modes, '"modes": ["ann"]'))


def _add_parameters(route: Route) -> None:
    answer = route.fetch()
    body = answer.text()
    table = '"parameters": ['
    assert table in body
    rows = [{"name": "brightness", "kind": "number", "default": 1}, {"name": "note", "kind": "array", "default": ""}]
    route.fulfill(response=answer, body=body.replace(table, table + json.dumps(rows)[1:-1] + ", "))


def _nearest_stop(slider: Locator, value: float) -> float:
    step = float(str(slider.get_attribute("step")))
    return round(value / step) * step
