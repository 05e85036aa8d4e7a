"""Paging without end, up to the contract's limit."""

import hashlib
import os
from pathlib import Path

import numpy as np
from playwright.sync_api import Route, expect

from search_api.stores import create_store
from search_api.stores.base import MAX_DEPTH, Record, image_id
from tests.extractor.dummy import FINGERPRINT, MODEL
from tests.ingest.album import image, put
from tests.page.conftest import Fresh, Open
from tests.page.site import Site

MORE = 30
_TWO_PAGES = 80
_SCROLL = """() => new Promise((resolve) => {
  const step = () => {
    scrollTo(0, document.body.scrollHeight);
    if (document.getElementById("end").hidden) setTimeout(step, 20);
    else resolve();
  };
  step();
})"""


def fill(site: Site, count: int) -> None:
    """Index one image under many names."""
    data = image(0)
    original = put(site.root, "original.jpg", data)
    sha256 = hashlib.sha256(data).hexdigest()
    vectors = np.random.default_rng(0).normal(size=(count, MODEL.dim)).astype(np.float32)
    records = []
    for number, vector in enumerate(vectors):
        path = f"{number:05}.jpg"
        os.link(original, Path(site.root, path))
        records.append(Record(image_id(path), path, sha256, vector))
    store = create_store(site.store, str(FINGERPRINT), MODEL.dim)
    store.upsert(records)
    store.publish()
    store.close()


def test_paging_ends_at_the_contracts_limit_and_says_so(fresh: Fresh, visit: Open) -> None:
    site = fresh()
    fill(site, MAX_DEPTH + MORE)
    visited = visit(site, f"?id={image_id('00000.jpg')}&score=0")
    visited.page.set_default_timeout(300_000)
    visited.provoked = {"ERR_FAILED"}
    visited.page.route("**/thumbnail", lambda route: route.abort())  # ten thousand images are not what is looked at
    visited.page.evaluate(_SCROLL)
    expect(visited.page.locator("#end")).to_have_text(visited.text("results.limit", count=MAX_DEPTH))
    expect(visited.page.locator(".tile")).to_have_count(MAX_DEPTH)
    visited.shot("limit")


def test_a_delete_between_two_pages_lets_no_result_slip_through(fresh: Fresh, visit: Open) -> None:
    site = fresh()
    fill(site, _TWO_PAGES)
    visited = visit(site, f"?id={image_id('00000.jpg')}&score=-1")
    assert len(visited.paths()) < _TWO_PAGES
    visited.tiles.nth(1).get_by_role("button").click()
    details = visited.page.get_by_role("dialog")
    visited.button("details.delete", details).click()
    visited.button("details.deleteConfirm", details).click()
    expect(details).to_be_hidden()
    for _ in range(4):
        visited.page.evaluate("scrollTo(0, document.body.scrollHeight)")
        visited.page.wait_for_load_state("networkidle")
    expect(visited.tiles).to_have_count(_TWO_PAGES - 1)
    assert len(set(visited.paths())) == _TWO_PAGES - 1


def test_a_collection_whose_ids_have_no_order_is_shown_to_its_end(fresh: Fresh, visit: Open) -> None:
    site = fresh()
    fill(site, _TWO_PAGES)
    visited = visit(site)
    visited.page.route("**/images?*", _without_next)
    visited.open()
    visited.page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(visited.tiles).to_have_count(_TWO_PAGES)
    assert len(set(visited.paths())) == _TWO_PAGES
    expect(visited.page.locator("#end")).to_be_hidden()


def test_a_collection_without_an_order_of_ids_ends_at_the_contracts_limit_and_says_so(
    fresh: Fresh, visit: Open
) -> None:
    site = fresh()
    fill(site, _TWO_PAGES)
    visited = visit(site)
    visited.page.route("**/images?*", _without_next)
    visited.page.route(f"{site.search.url}/", lambda route: _limit(route, 50))
    visited.open()
    expect(visited.page.locator("#end")).to_have_text(visited.text("results.limit", count=50))
    expect(visited.tiles).to_have_count(50)


def _without_next(route: Route) -> None:
    """As the listing of an index is that the published script made: without ``after``."""
    assert "after=" not in route.request.url
    answer = route.fetch()
    body = answer.json()
    body["data"]["next"] = None
    route.fulfill(response=answer, json=body)


def _limit(route: Route, depth: int) -> None:
    answer = route.fetch()
    limit = f'"maxDepth": {MAX_DEPTH}'
    assert limit in answer.text()
    route.fulfill(response=answer, body=answer.text().replace(limit, f'"maxDepth": {depth}'))
