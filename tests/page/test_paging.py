"""Paging without end, up to the contract's limit."""

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from search_api.stores import create_store
from search_api.stores.base import MAX_DEPTH, Record, image_id
from tests.extractor.dummy import FINGERPRINT, MODEL
from tests.ingest.album import picture, put
from tests.page.conftest import Fresh, Open
from tests.page.site import Site
from tests.page.views import View

MORE = 30
_SCROLL = """() => new Promise((resolve) => {
  const step = () => {
    scrollTo(0, document.body.scrollHeight);
    if (document.getElementById("end").hidden) setTimeout(step, 20);
    else resolve();
  };
  step();
})"""


def fill_beyond_the_limit(site: Site) -> None:
    """Records for one picture under many names."""
    data = picture(0)
    original = put(site.root, "original.jpg", data)
    sha256 = hashlib.sha256(data).hexdigest()
    vectors = np.random.default_rng(0).normal(size=(MAX_DEPTH + MORE, MODEL.dim)).astype(np.float32)
    records = []
    for number, vector in enumerate(vectors):
        path = f"{number:05}.jpg"
        os.link(original, Path(site.root, path))
        records.append(Record(image_id(path), path, sha256, vector))
    store = create_store(site.store, str(FINGERPRINT), MODEL.dim)
    store.upsert(records)
    store.publish()
    store.close()


@pytest.mark.parametrize("view", [View("en", 1280)], ids=str)
def test_paging_ends_at_the_contracts_limit_and_says_so(fresh: Fresh, visit: Open) -> None:
    site = fresh()
    fill_beyond_the_limit(site)
    visited = visit(site, f"?id={image_id('00000.jpg')}&score=0")
    visited.page.set_default_timeout(300_000)
    visited.provoked = {"ERR_FAILED"}
    visited.page.route("**/thumbnail", lambda route: route.abort())  # ten thousand pictures are not what is looked at
    visited.page.evaluate(_SCROLL)
    expect(visited.page.locator("#end")).to_have_text(visited.text("results.limit", count=MAX_DEPTH))
    expect(visited.page.locator(".tile")).to_have_count(MAX_DEPTH)
    visited.shot("limit")
