"""Takes the README's screenshot of the page: ``python -m tests.page.readme_image``.

Drawn images are indexed with EfficientNet-Lite0, and one that is not in the collection is searched by.
"""

import io
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import sync_playwright

from tests.images import encoded
from tests.ingest.command import Ingest
from tests.page.browser import launch
from tests.page.scenes import draw_album, flowers
from tests.page.site import make_site
from tests.page.views import View
from tests.page.visit import Visit, upload
from tests.paths import ROOT
from tests.servers.process import Service

TARGET = ROOT / "docs" / "page.png"
COLOURS = 224  # of the palette: few enough for a small file


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        draw_album(folder / "photos", 8)
        settings = {"MODEL": "efficientnet_lite0"}
        with Service("extractor.wsgi", "EXTRACTOR", settings, folder / "extractor.log") as extractor:
            store = f"embedded://{folder}/images.db"
            site = make_site(folder / "service", extractor.url, folder / "photos", store)
            Ingest(store, extractor.url).run(site.root, "--root", site.root)
            with site.running(), sync_playwright() as playwright, launch(playwright) as browser:
                query = encoded(flowers(np.random.default_rng(32)), "JPEG")
                with Visit(browser, site.search.url, View("en", 1280), folder) as visited:
                    visited.open().search_by(upload("garden.jpg", query))
                    visited.page.wait_for_timeout(1_000)
                    taken = Image.open(io.BytesIO(visited.page.screenshot())).convert("RGB")
    taken.quantize(COLOURS, dither=Image.Dither.NONE).save(TARGET, optimize=True)
    print(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
