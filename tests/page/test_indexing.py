"""Indexing folders: progress, failures, stopping, resuming, and a page that is reloaded meanwhile."""

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from search_api.stores.url import with_collection
from tests.ingest.album import fill, put
from tests.page.conftest import Fresh, Open
from tests.page.site import Site
from tests.page.views import VIEWS
from tests.page.visit import Visit
from tests.search_api.gallery import index
from tests.servers.dummy_extractor import dummy_extractor
from tests.servers.process import Service

COUNT = 192


@pytest.fixture(scope="module")
def slow_extractor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with dummy_extractor(tmp_path_factory.mktemp("slow") / "log", seconds_a_batch=0.3) as service:
        yield service


@pytest.fixture
def slow(fresh: Fresh, slow_extractor: Service) -> Site:
    """A service whose indexing takes long enough to be watched."""
    site = fresh(EXTRACTOR_URL=slow_extractor.url)
    fill(site.root / "album", COUNT)
    return site


def begin(visited: Visit, path: str) -> None:
    panel = visited.unfold("collection-panel")
    panel.get_by_label(visited.text("folder.label")).fill(path)
    visited.button("folder.add", panel).click()


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_a_folder_is_indexed_with_the_failed_files_listed(fresh: Fresh, visit: Open) -> None:
    site = fresh()
    fill(site.root / "album", 20)
    put(site.root, "album/broken.jpg", b"\xff\xd8\xff no image")
    put(site.root, "album/notes.txt", b"no image either")
    visited = visit(site)
    begin(visited, "album")
    job = visited.page.locator("#jobs > li")
    expect(job).to_contain_text(f"{visited.text('job.done')}: album")
    expect(job).to_contain_text(visited.text("job.added", count=20))
    expect(visited.page.locator("#count")).to_have_text(visited.text("images", count=20))
    expect(visited.tiles).to_have_count(20)
    job.get_by_text(visited.text("job.failures", count=1)).click()
    expect(job.get_by_text("album/broken.jpg")).to_be_visible()
    visited.shot("failures")
    visited.button("job.remove", job).click()
    expect(job).to_have_count(0)
    assert site.get("jobs")["jobs"] == []


def test_progress_is_live_and_is_still_there_after_a_reload(slow: Site, visit: Open) -> None:
    visited = visit(slow)
    begin(visited, "album")
    job = visited.page.locator("#jobs > li")
    progress = job.get_by_role("progressbar")
    expect(progress).to_have_attribute("max", str(COUNT))
    seen = float(progress.evaluate("bar => bar.value"))
    visited.page.wait_for_function("seen => document.querySelector('#jobs progress').value > seen", arg=seen)
    visited.shot("running")
    visited.open()
    expect(visited.unfold("collection-panel").locator("#jobs > li")).to_contain_text(visited.text("job.running"))
    expect(job).to_contain_text(visited.text("job.done"), timeout=30_000)
    expect(visited.page.locator("#count")).to_have_text(visited.text("images", count=COUNT))


def test_a_job_is_stopped_and_resumed(slow: Site, visit: Open) -> None:
    visited = visit(slow)
    begin(visited, "")
    job = visited.page.locator("#jobs > li")
    expect(job).to_contain_text(re.compile(rf"\d.*{COUNT}"))
    visited.button("job.stop", job).click()
    expect(job).to_contain_text(visited.text("job.stopped"), timeout=30_000)
    visited.button("job.resume", job).click()
    expect(job).to_contain_text(visited.text("job.done"), timeout=30_000)
    assert slow.count() == COUNT


def test_where_there_are_no_events_the_page_polls(slow: Site, visit: Open) -> None:
    visited = visit(slow)
    visited.provoked = {"ERR_FAILED"}
    visited.page.route("**/jobs/*/events*", lambda route: route.abort())
    begin(visited, "album")
    expect(visited.page.locator("#jobs > li")).to_contain_text(visited.text("job.done"), timeout=30_000)
    expect(visited.tiles).to_have_count(50)


def test_a_folder_that_is_not_there_or_not_allowed_is_refused(own: Site, visit: Open) -> None:
    visited = visit(own)
    visited.provoked = {404, 400}
    begin(visited, "no such folder")
    expect(visited.page.get_by_role("alert")).to_contain_text(visited.text("error.not_found"))
    begin(visited, "../elsewhere")
    expect(visited.page.get_by_role("alert")).to_contain_text(visited.text("error.bad_parameter"))


def test_a_folder_that_is_being_indexed_is_not_started_twice(slow: Site, visit: Open) -> None:
    visited = visit(slow)
    visited.provoked = {429}
    begin(visited, "album")
    expect(visited.page.locator("#jobs > li")).to_have_count(1)
    begin(visited, "album")
    expect(visited.page.get_by_role("alert")).to_contain_text(visited.text("error.busy"))


def test_files_that_are_gone_are_removed_when_asked(fresh: Fresh, visit: Open) -> None:
    site = fresh()
    names = fill(site.root / "album", 6)
    visited = visit(site)
    begin(visited, "album")
    expect(visited.page.locator("#count")).to_have_text(visited.text("images", count=6))
    visited.provoked = {404}  # its thumbnail, until it is removed
    (site.root / "album" / names[0]).unlink()
    visited.page.get_by_label(visited.text("folder.prune")).check()
    begin(visited, "album")
    expect(visited.page.locator("#count")).to_have_text(visited.text("images", count=5))


def test_a_job_is_shown_with_its_own_collection_only(fresh: Fresh, slow_extractor: Service, visit: Open) -> None:
    site = fresh(EXTRACTOR_URL=slow_extractor.url)
    fill(site.root, 2)
    index(site.root, with_collection(site.store, "shoes"))
    fill(site.root / "album", COUNT)
    visited = visit(site)
    begin(visited, "album")
    job = visited.page.locator("#jobs > li")
    expect(job).to_contain_text(visited.text("job.running"))
    visited.page.get_by_label(visited.text("collection")).select_option("shoes")
    expect(visited.tiles).to_have_count(2)
    asked = visited.asked.count("/images")
    deadline = time.monotonic() + 60
    while site.get("jobs")["jobs"][0]["state"] == "running" and time.monotonic() < deadline:
        visited.page.wait_for_timeout(200)
    visited.page.wait_for_timeout(600)  # more than the events take
    expect(job).to_have_count(0)
    assert visited.asked.count("/images") == asked
    expect(visited.page.locator("#count")).to_have_text(visited.text("images", count=2))
    visited.page.get_by_label(visited.text("collection")).select_option("")
    expect(job).to_contain_text(visited.text("job.done"))
    expect(visited.page.locator("#count")).to_have_text(visited.text("images", count=COUNT))
