"""Finds the images of a folder that are like one image, without services: ``python -m scripts.local_search``.

Prints the hits at or above the threshold, best first, a line each: score and path. The model is chosen with the
extractor's settings (EXTRACTOR_MODEL and so on).
"""

import argparse
import sys
import tempfile
from pathlib import Path

from tqdm import tqdm

from extractor.loading import LOAD_ERRORS
from extractor.settings import ExtractorSettings
from scripts.exit_codes import ALL_WELL, SOME_FAILED, failing_with_one_sentence, print_failures
from scripts.figure import save_figure
from scripts.local_extractor import LocalExtractor
from scripts.store_args import STORE_ERRORS
from search_api.embedding.errors import ImageRejected
from search_api.ingest.files import Failure, find_files
from search_api.ingest.options import IngestOptions
from search_api.ingest.run import ingest
from search_api.ingest.summary import Progress
from search_api.search.pipeline import search_by_images
from search_api.search.query import Query
from search_api.stores import create_store
from search_api.stores.base import MAX_DEPTH, Hits

_THRESHOLD = 0.6  # of the published script


def main() -> int:
    arguments = _parse_arguments()
    with failing_with_one_sentence(*LOAD_ERRORS, *STORE_ERRORS, ImageRejected, OSError, ValueError):
        if not arguments.folder.is_dir():
            raise NotADirectoryError(f"{arguments.folder} is not a folder.")
        image = arguments.query.read_bytes()
        settings = ExtractorSettings()
        extractor = LocalExtractor(settings)
        try:
            hits, failures = search_folder(
                image, arguments.folder.resolve(), arguments.threshold, extractor, settings.max_bytes
            )
        finally:
            extractor.close()
        print_failures(failures)
        for hit in hits.hits:
            print(f"{hit.score:.4f}  {hit.file_path}")
        if arguments.save_figure:
            found = [(hit.score or 0.0, arguments.folder / hit.file_path) for hit in hits.hits]
            save_figure(arguments.query, found, arguments.save_figure)
    return SOME_FAILED if failures else ALL_WELL


def search_folder(
    image: bytes, folder: Path, threshold: float, extractor: LocalExtractor, max_bytes: int
) -> tuple[Hits, list[Failure]]:
    """Index ``folder`` into a store that is thrown away, and search it for ``image``."""
    paths = find_files(folder)
    with (
        tempfile.TemporaryDirectory(prefix="image-search-") as scratch,
        tqdm(total=len(paths), unit="file", disable=not sys.stderr.isatty()) as bar,
    ):
        store = create_store(f"embedded://{scratch}/images.db", extractor.fingerprint, extractor.dim)
        progress = Progress(bar.update)
        ingest(store, extractor.embed, folder, paths, progress, IngestOptions(max_bytes), follow_moves=False)
        page = search_by_images([image], Query(score=threshold, page_size=MAX_DEPTH), extractor.embed, store)
        store.close()
    return page.hits, progress.summary.failures


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.local_search", description=__doc__)
    parser.add_argument("query", type=Path, metavar="QUERY", help="an image")
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="images, in any depth")
    parser.add_argument("--threshold", type=float, default=_THRESHOLD, help="minimum score (default: %(default)s)")
    parser.add_argument("--save-figure", type=Path, metavar="FILE.png", help="draw the query and its hits")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
