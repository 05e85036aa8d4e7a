"""``python -m benchmarks.round_trip [ENGINE ...]``: images in and out through the API, on every store.

1,000 images (photographs and changed copies of them) are added by POST /images, a few at a time; each is searched for
by upload and has to be its own best hit; some are deleted one by one. After every change the number of images in the
answer, and in the next one, has to be right. With --page a browser adds them on the page, all at once. Services and
stores are real, the model is EfficientNet-Lite0.
"""

import argparse
import hashlib
import itertools
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import cv2
import requests
from playwright.sync_api import sync_playwright

from benchmarks.changes import SMALL_CHANGES, changed_copies
from benchmarks.engines import ENGINES, add_engines_argument, selected_engines
from benchmarks.images import photos_in, read_rgb
from benchmarks.running import service
from benchmarks.tables import format_table
from scripts.sample import bundled_photographs
from tests.page.browser import launch

_BATCHES = (1, 8, 3, 16)  # how many images one request adds, in turn
_DELETED_SHARE = 10  # one in so many is deleted
_SEARCHES_AT_ONCE = 4
_SECONDS = 120
_PAGE_SECONDS = 600


@dataclass(frozen=True)
class Trip:
    """What one engine showed: how often the count was right after a change, and how many images found themselves."""

    engine: str
    images: int
    added_right: tuple[int, int]  # right, changes
    found: int
    deleted_right: tuple[int, int]
    seconds: float

    @property
    def complete(self) -> bool:
        """Return whether every count and every search was right."""
        counts = (self.added_right, self.deleted_right)
        return self.found == self.images and all(right == changes for right, changes in counts)


def main() -> int:
    arguments = _parse_arguments()
    photos = [photo for folder in arguments.folders for photo in photos_in(folder)] or bundled_photographs()
    images = list(itertools.islice(_copies(photos), arguments.count))
    with service("extractor.wsgi", "EXTRACTOR", {"MODEL": "efficientnet_lite0"}) as extractor:
        trips = [_travel(engine, images, extractor.url, arguments.page) for engine in arguments.engines]
    header = ("", "images", "count right after adding", "found by itself", "count right after deleting", "s")
    print(format_table(header, [_row(trip) for trip in trips]))
    return 0 if all(trip.complete for trip in trips) else 1


def _copies(photos: Sequence[Path]) -> Iterator[bytes]:
    """Yield each photograph as PNG and 15 changed copies as JPEG, no two with the same bytes."""
    seen = set()
    for photo in photos:
        rgb = read_rgb(photo)
        copies = [(".png", rgb), *((".jpg", copy) for copy in changed_copies(rgb, SMALL_CHANGES).values())]
        for suffix, copy in copies:
            data = cv2.imencode(suffix, copy[..., ::-1])[1].tobytes()
            if data not in seen:
                seen.add(data)
                yield data


def _travel(engine: str, images: Sequence[bytes], extractor_url: str, page: bool) -> Trip:
    with tempfile.TemporaryDirectory() as scratch, ENGINES[engine](Path(scratch)) as running:
        folders = {"UPLOAD_DIR": scratch, "JOBS_DIR": f"{scratch}/jobs", "CACHE_DIR": f"{scratch}/cache"}
        settings = {"STORE_URL": running.url, "EXTRACTOR_URL": extractor_url, **folders}
        with service("search_api.wsgi", "SEARCH", settings, ready="/healthz") as search:
            started = time.perf_counter()
            added = _add_on_page(search.url, images, Path(scratch)) if page else _add(search.url, images)
            with ThreadPoolExecutor(_SEARCHES_AT_ONCE) as pool:
                found = sum(pool.map(partial(_finds_itself, search.url, _mode(search.url)), images))
            deleted = _delete(search.url, len(images))
            return Trip(engine, len(images), added, found, deleted, time.perf_counter() - started)


def _add(url: str, images: Sequence[bytes]) -> tuple[int, int]:
    right, sent, sizes = 0, 0, itertools.cycle(_BATCHES)
    for changes in itertools.count():
        if sent >= len(images):
            return right, changes
        batch = images[sent : sent + next(sizes)]
        sent += len(batch)
        files = [("file", (f"{sent}-{number}", data)) for number, data in enumerate(batch)]
        answer = _data(requests.post(f"{url}/images", files=files, timeout=_SECONDS))
        right += answer["images"] == sent == _count(url)
    raise AssertionError("the images come to an end")


def _add_on_page(url: str, images: Sequence[bytes], scratch: Path) -> tuple[int, int]:
    files = [scratch / f"{number}.image" for number in range(len(images))]
    for file, data in zip(files, images, strict=True):
        file.write_bytes(data)
    with sync_playwright() as playwright, launch(playwright) as browser:
        opened = browser.new_page(locale="en")
        opened.goto(f"{url}/?lang=en")
        opened.set_input_files("#files", files)
        count = opened.get_by_text(f"{len(images):,} images in this").first
        count.wait_for(timeout=_PAGE_SECONDS * 1e3)
    return int(_count(url) == len(images)), 1


def _mode(url: str) -> str:
    """Return the collection's first mode: exact, unless its engine has a graph only."""
    (collection,) = _data(requests.get(f"{url}/collections", timeout=_SECONDS))["collections"]
    return str(collection["modes"][0])


def _finds_itself(url: str, mode: str, image: bytes) -> bool:
    fields = {"score": "0.99", "pageSize": "50", "mode": mode}
    found = _data(requests.post(f"{url}/searchByImage", files={"file": image}, data=fields, timeout=_SECONDS))
    best = [hit for hit in found["dataList"] if hit["score"] == found["dataList"][0]["score"]]
    return any(hashlib.sha256(image).hexdigest() in hit["file_path"] for hit in best)


def _delete(url: str, count: int) -> tuple[int, int]:
    listed = _data(requests.get(f"{url}/images?pageSize={count // _DELETED_SHARE}", timeout=_SECONDS))["dataList"]
    right = 0
    for deleted, record in enumerate(listed, 1):
        answer = _data(requests.delete(f"{url}/images/{record['id']}", timeout=_SECONDS))
        right += answer["images"] == count - deleted == _count(url)
    return right, len(listed)


def _count(url: str) -> int:
    return int(_data(requests.get(f"{url}/images?pageSize=1", timeout=_SECONDS))["total"])


def _data(answer: requests.Response) -> Any:
    body = answer.json()
    assert answer.status_code == 200, body
    return body["data"]


def _row(trip: Trip) -> tuple[str, ...]:
    rights = ("{} of {}".format(*trip.added_right), "{} of {}".format(*trip.deleted_right))
    return (trip.engine, str(trip.images), rights[0], str(trip.found), rights[1], f"{trip.seconds:.0f}")


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.round_trip", description=__doc__.splitlines()[0])
    add_engines_argument(parser)
    parser.add_argument("--page", action="store_true", help="add them on the page, in a browser")
    parser.add_argument("--count", type=int, default=1_000, help="how many images")
    parser.add_argument(
        "--folders", type=Path, nargs="+", default=[], metavar="FOLDER", help="photographs (default: scikit-image's)"
    )
    arguments = parser.parse_args()
    arguments.engines = selected_engines(parser, arguments)
    return arguments


if __name__ == "__main__":
    sys.exit(main())
