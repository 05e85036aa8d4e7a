"""Changing the collection: adding images, deleting one, clearing all, with a key and without."""

import re

import pytest
from playwright.sync_api import FilePayload, Route, expect

from search_api.stores import open_store
from tests.ingest.album import fill, image
from tests.page.conftest import Fresh, Open
from tests.page.site import MAX_BYTES, Site
from tests.page.views import PHONE, VIEWS, View
from tests.page.visit import Visit, upload
from tests.search_api.gallery import index

KEY = "a key of a test"
_UNREADABLE = """() => {
  const readEntries = (_, fail) => fail(new DOMException("It is gone.", "NotFoundError"));
  DataTransferItem.prototype.webkitGetAsEntry = () => ({ isDirectory: true, createReader: () => ({ readEntries }) });
}"""


@pytest.fixture
def view() -> View:
    """A phone, on which the collection's panel is folded away at first."""
    return PHONE


def uploads(*numbers: int) -> list[FilePayload]:
    return [upload(f"new {number}.jpg", image(number)) for number in numbers]


def choose(visited: Visit, files: list[FilePayload]) -> None:
    visited.unfold("collection-panel")
    visited.page.set_input_files("#files", files)


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_an_empty_collection_says_how_to_fill_it(fresh: Fresh, visit: Open) -> None:
    visited = visit(fresh())
    expect(visited.page.get_by_role("heading", name=visited.text("empty.title"))).to_be_visible()
    expect(visited.page.get_by_text("python -m scripts.ingest")).to_be_visible()
    expect(visited.page.get_by_role("heading", name=visited.text("images.none"))).to_be_visible()
    visited.shot("empty")


def test_many_images_are_added_and_the_rejected_are_listed(own: Site, visit: Open) -> None:
    visited = visit(own)
    broken = upload("notes.jpg", b"only text")
    heavy = upload("heavy.jpg", b"\xff\xd8" + bytes(MAX_BYTES))
    choose(visited, [*uploads(*range(100, 118)), broken, heavy])
    expect(visited.page.get_by_text(visited.text("upload.done", added=18, updated=0, failed=2))).to_be_visible()
    rejected = visited.page.locator(".uploading li")
    expect(rejected).to_have_count(2)
    expect(rejected.filter(has_text="heavy.jpg")).to_contain_text(visited.text("error.image_too_large"))
    expect(rejected.filter(has_text="notes.jpg")).to_contain_text(visited.text("error.not_an_image"))
    expect(visited.page.locator("#count")).to_have_text(visited.text("images", count=30))
    expect(visited.tiles).to_have_count(30)
    visited.shot("added")
    assert own.count() == 30


def test_a_single_image_that_is_rejected_is_listed_too(own: Site, visit: Open) -> None:
    visited = visit(own)
    visited.provoked = {400}
    choose(visited, [upload("notes.jpg", b"only text")])
    expect(visited.page.locator(".uploading li")).to_contain_text(visited.text("error.not_an_image"))
    assert own.count() == 12


def test_images_dropped_on_the_collection_are_added(own: Site, visit: Open) -> None:
    visited = visit(own)
    visited.unfold("collection-panel")
    visited.drag(uploads(200, 201, 202), "#targets [data-drop=add]")
    expect(visited.page.locator("#count")).to_have_text(visited.text("images", count=15))
    visited.drag(uploads(203), "#add")
    expect(visited.page.locator("#count")).to_have_text(visited.text("images", count=16))
    assert own.count() == 16


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_one_image_is_looked_at_and_deleted(own: Site, visit: Open) -> None:
    visited = visit(own)
    path = visited.paths()[3]
    visited.tiles.nth(3).get_by_role("link").focus()
    visited.page.keyboard.press("Tab")
    visited.page.keyboard.press("Enter")
    details = visited.page.get_by_role("dialog")
    expect(details.get_by_text(path, exact=True)).to_be_visible()
    expect(details.get_by_text("48 × 48")).to_be_visible()
    visited.shot("details")
    visited.button("details.next", details).click()
    expect(details.get_by_text(visited.paths()[4], exact=True)).to_be_visible()
    visited.page.keyboard.press("ArrowLeft")
    expect(details.get_by_text(path, exact=True)).to_be_visible()
    visited.button("details.delete", details).click()
    visited.button("details.deleteKeep", details).click()
    visited.button("details.delete", details).click()
    visited.button("details.deleteConfirm", details).click()
    expect(details).to_be_hidden()
    expect(visited.page.get_by_text(visited.text("details.deleted", path=path))).to_be_visible()
    expect(visited.tiles).to_have_count(11)
    assert path not in visited.paths()
    expect(visited.page.locator("#count")).to_have_text(visited.text("images", count=11))
    assert own.count() == 11


def test_the_details_lead_on_to_search_original_link_and_filter(own: Site, visit: Open) -> None:
    visited = visit(own)
    id_ = str(visited.tiles.first.get_attribute("data-id"))
    details = visited.page.get_by_role("dialog")
    visited.tiles.first.get_by_role("button").click()
    expect(details.get_by_role("link", name=visited.text("details.original"))).to_have_attribute(
        "href", re.compile(f"images/{id_}/file")
    )
    visited.button("details.copyLink", details).click()
    assert visited.page.evaluate("navigator.clipboard.readText()") == f"{own.search.url}/?id={id_}"
    name = str(own.get(f"images/{id_}")["metadata"]["name"])
    details.get_by_role("button", name=name).click()
    visited.settle()
    expect(visited.tiles).to_have_count(1)
    visited.tiles.first.get_by_role("button").click()
    visited.button("details.search", details).click()
    visited.settle()
    assert f"id={id_}" in visited.page.url


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_clearing_all_names_the_count_and_asks_first(own: Site, visit: Open) -> None:
    visited = visit(own)
    visited.unfold("collection-panel")
    visited.button("clear.open").click()
    dialog = visited.page.get_by_role("dialog")
    expect(dialog.get_by_role("heading")).to_have_text(visited.text("clear.title", count=12))
    visited.shot("asked")
    visited.button("cancel", dialog).click()
    assert own.count() == 12
    visited.button("clear.open").click()
    visited.button("clear.confirm", dialog, count=12).click()
    expect(visited.page.get_by_text(visited.text("clear.done", count=12))).to_be_visible()
    expect(visited.page.get_by_role("heading", name=visited.text("empty.title"))).to_be_visible()
    assert own.count() == 0


def test_a_collection_that_changed_meanwhile_is_not_cleared_but_counted_again(own: Site, visit: Open) -> None:
    visited = visit(own)
    visited.provoked = {409}
    visited.unfold("collection-panel")
    own.add(range(20, 23))
    visited.button("clear.open").click()
    dialog = visited.page.get_by_role("dialog")
    visited.button("clear.confirm", dialog, count=12).click()
    expect(dialog.get_by_role("heading")).to_have_text(visited.text("clear.title", count=15))
    expect(dialog.get_by_role("alert")).to_have_text(visited.text("clear.changed"))
    assert own.count() == 15
    visited.button("clear.confirm", dialog, count=15).click()
    expect(visited.page.get_by_role("heading", name=visited.text("empty.title"))).to_be_visible()
    assert own.count() == 0


def test_a_key_is_asked_for_where_one_is_needed_and_kept(fresh: Fresh, visit: Open) -> None:
    site = fresh(API_KEY=KEY)
    fill(site.root, 3)
    index(site.root, site.store)
    visited = visit(site)
    visited.provoked = {401}
    choose(visited, uploads(50))
    dialog = visited.page.get_by_role("dialog", name=visited.text("key.title"))
    field = dialog.get_by_label(visited.text("key.label"), exact=True)
    field.fill("a wrong one")
    visited.shot("key")
    visited.button("key.use", dialog).click()
    expect(dialog.get_by_role("alert")).to_have_text(visited.text("key.wrong"))
    field.fill(KEY)
    visited.button("key.use", dialog).click()
    expect(visited.page.locator("#count")).to_have_text(visited.text("images", count=4))
    choose(visited, uploads(51))
    expect(visited.page.locator("#count")).to_have_text(visited.text("images", count=5))
    expect(visited.button("key.change")).to_be_visible()
    store = open_store(site.store)
    assert store.count() == 5
    store.close()


def test_without_the_key_a_change_is_refused_with_the_reason(fresh: Fresh, visit: Open) -> None:
    visited = visit(fresh(API_KEY=KEY))
    visited.provoked = {401}
    choose(visited, uploads(50))
    visited.button("cancel", visited.page.get_by_role("dialog")).click()
    expect(visited.page.get_by_role("alert")).to_contain_text(visited.text("error.unauthorized"))


def test_an_upload_goes_to_one_collection_even_if_another_is_chosen_meanwhile(fresh: Fresh, visit: Open) -> None:
    site = fresh()
    site.index_beside(shoes=2, default=3)
    visited = visit(site)
    held: list[Route] = []
    visited.page.route(
        "**/images*", lambda route: held.append(route) if _is_first_post(route, held) else route.continue_()
    )
    choose(visited, uploads(*range(100, 118)))
    while not held:
        visited.page.wait_for_timeout(20)
    visited.page.get_by_label(visited.text("collection")).select_option("shoes")
    expect(visited.tiles).to_have_count(2)
    held[0].continue_()
    expect(visited.page.get_by_text(visited.text("upload.done", added=18, updated=0, failed=0))).to_be_visible()
    expect(visited.page.locator("#count")).to_have_text(visited.text("images", count=2))
    expect(visited.tiles).to_have_count(2)
    counts = {one["name"]: one["images"] for one in site.get("collections")["collections"]}
    assert counts == {"default": 21, "shoes": 2}


def test_a_key_that_no_request_can_carry_is_refused_at_once(fresh: Fresh, visit: Open) -> None:
    site = fresh(API_KEY=KEY)
    fill(site.root, 3)
    index(site.root, site.store)
    visited = visit(site)
    visited.button("key.change").click()
    dialog = visited.page.get_by_role("dialog", name=visited.text("key.title"))
    for unusable in ("a\u200bkey", "\u94a5\u5319"):
        dialog.get_by_label(visited.text("key.label"), exact=True).fill(unusable)
        visited.button("key.use", dialog).click()
        expect(dialog.get_by_role("alert")).to_have_text(visited.text("key.wrong"))
    visited.button("cancel", dialog).click()
    visited.open()
    expect(visited.tiles).to_have_count(3)


def test_the_key_is_sent_with_changes_only(fresh: Fresh, visit: Open) -> None:
    site = fresh(API_KEY=KEY)
    fill(site.root, 3)
    index(site.root, site.store)
    visited = visit(site)
    visited.page.evaluate("key => sessionStorage.setItem('image-search-key', key)", KEY)
    with visited.page.expect_request("**/images*") as reading:
        visited.open()
    assert reading.value.header_value("authorization") is None
    with visited.page.expect_request(lambda request: request.method == "POST") as writing:
        choose(visited, uploads(50))
    assert writing.value.header_value("authorization") == f"Bearer {KEY}"
    expect(visited.page.locator("#count")).to_have_text(visited.text("images", count=4))


def test_a_dropped_folder_that_cannot_be_read_is_reported(site: Site, visit: Open) -> None:
    visited = visit(site)
    visited.unfold("collection-panel")
    visited.page.evaluate(_UNREADABLE)
    visited.drag(uploads(1), "#add")
    expect(visited.page.locator("#collection-notice").get_by_role("alert")).to_contain_text(
        visited.text("drop.unreadable")
    )


def _is_first_post(route: Route, held: list[Route]) -> bool:
    return route.request.method == "POST" and not held
