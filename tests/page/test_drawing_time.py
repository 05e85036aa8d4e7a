"""How long the page takes from the API's answer to the drawn results; printed, not judged."""

import io

import numpy as np
import requests
from PIL import Image

from tests.images import drawing, encoded
from tests.ingest.album import put
from tests.page.conftest import Fresh, Open
from tests.page.site import Site
from tests.page.visit import upload
from tests.search_api.gallery import index

RESULTS = 50
SIZE = (4000, 3000)
ROUNDS = 5
_MEASURED = "name => performance.getEntriesByName(name).length > 0"


def large_photographs(site: Site) -> None:
    """Originals of 12 megapixels, each with noise of its own."""
    base = np.asarray(drawing(*SIZE))
    for number in range(RESULTS):
        noise = np.random.default_rng(number).integers(0, 40, (SIZE[1] // 100, SIZE[0] // 100, 3), dtype=np.uint8)
        image = Image.fromarray(base + noise.repeat(100, axis=0).repeat(100, axis=1))
        file = io.BytesIO()
        image.save(file, "JPEG", quality=80)
        put(site.root, f"large/{number:02}.jpg", file.getvalue())
    index(site.root, site.store)


def test_results_of_large_originals_are_drawn_after_the_answer(fresh: Fresh, visit: Open) -> None:
    site = fresh(MAX_BYTES=str(20 << 20))
    large_photographs(site)
    for image in site.get(f"images?pageSize={RESULTS}")["dataList"]:
        requests.get(f"{site.search.url}/images/{image['id']}/thumbnail", timeout=60).raise_for_status()
    times: dict[str, list[float]] = {"answer-to-drawn": [], "answer-to-images": []}
    for number in range(ROUNDS):
        visited = visit(site)
        visited.page.wait_for_function(_MEASURED, arg="answer-to-images")
        visited.page.evaluate("performance.clearMeasures()")
        visited.search_by(upload("mine.jpg", encoded(drawing(640, 480 + number), "JPEG")))
        assert len(visited.paths()) == RESULTS
        for name, seconds in times.items():
            visited.page.wait_for_function(_MEASURED, arg=name)
            seconds.append(visited.page.evaluate("name => performance.getEntriesByName(name)[0].duration", name))
        visited.close()
    for name, seconds in times.items():
        print(f"{name}: {sorted(round(one) for one in seconds)} ms")
