"""What a run makes of an extractor that does not survive an image, or that is lost for good."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from search_api.embedding.errors import ExtractorCrashes, ExtractorUnavailable
from search_api.embedding.extraction import Extraction
from search_api.ingest import run
from search_api.stores import open_store
from search_api.stores.base import Search, Store
from tests.extractor.dummy import dummy_embedder
from tests.ingest.album import fill, image, put
from tests.ingest.running import embed, index


def test_an_image_that_the_extractor_does_not_survive_costs_no_other(store: Store, folder: Path) -> None:
    names = fill(folder, 50)
    deadly = [put(folder, f"deadly {number}.jpg", image(900 + number)).read_bytes() for number in range(2)]
    put(folder, "duplicate.jpg", deadly[0])

    def dying(images: Sequence[bytes]) -> Extraction:
        if set(images) & set(deadly):
            raise ExtractorCrashes("The extractor breaks down in the middle of a request.")
        return embed(images)

    summary = index(store, folder, dying)
    assert {failure.file_path for failure in summary.failures} == {"deadly 0.jpg", "deadly 1.jpg", "duplicate.jpg"}
    assert {failure.error for failure in summary.failures} == {"extractor_unavailable"}
    assert {record.file_path for record in store.scan()} == set(names)


def test_what_was_written_before_the_extractor_was_lost_stays_and_is_seen(
    store: Store, store_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_BATCH_FILES", 5)
    fill(folder, 50)
    calls = given_up = 0

    def leaving(images: Sequence[bytes]) -> Extraction:
        nonlocal calls
        calls += 1
        if calls > 4:
            raise ExtractorUnavailable("The extractor does not answer.")
        return embed(images)

    def abort() -> None:
        nonlocal given_up
        given_up += 1

    searching = open_store(store_url)
    with pytest.raises(ExtractorUnavailable):
        index(store, folder, leaving, in_flight=1, abort=abort)
    assert given_up == 1
    assert store.count() >= 15
    assert searching.search(Search(dummy_embedder().embed([image(0)])[0], None)).total == store.count()
    searching.close()


def test_an_extractor_that_crashes_on_everything_ends_the_run(store: Store, folder: Path) -> None:
    fill(folder, 40)

    def crashing(images: Sequence[bytes]) -> Extraction:
        raise ExtractorCrashes("The extractor at host fails with status 500: its log says why.")

    with pytest.raises(ExtractorCrashes):
        index(store, folder, crashing)
    assert store.count() == 0
