"""Moves a collection to another model: ``python -m scripts.reindex --to NEW``.

The extractor of the new model embeds every file again into the collection NEW, while the old one answers. Then the two
change places: the store URL leads to the new vectors, NEW to the old ones.
"""

import argparse
import sys
from contextlib import closing
from pathlib import Path

from tqdm import tqdm

from scripts.exit_codes import ALL_WELL, SOME_FAILED, failing_with_one_sentence, print_failures
from scripts.extractor_args import EXTRACTOR_ERRORS, retrying_client
from scripts.store_args import STORE_ERRORS, RootMissing, known_root
from search_api.embedding.client import ExtractorClient
from search_api.images.paths import ImagePaths
from search_api.ingest.files import Failure
from search_api.ingest.options import IngestOptions, batches_in_flight
from search_api.ingest.prune import WrongRoot, root_fits
from search_api.ingest.summary import Progress
from search_api.settings import SearchSettings
from search_api.stores import check_swappable, create_store, open_store, swap_stores
from search_api.stores.url import with_metric, without_secrets
from search_api.transfer.reindex import reindex


def main() -> int:
    with failing_with_one_sentence(RootMissing, WrongRoot, *EXTRACTOR_ERRORS, *STORE_ERRORS):
        settings = SearchSettings()
        arguments = _parse_arguments(settings)
        root = known_root(arguments.root)
        check_swappable(arguments.store, arguments.to)
        with closing(retrying_client(arguments.extractor)) as client:
            paths = ImagePaths(root, settings.upload_dir)
            fingerprint, failures = _reindex(arguments, client, root, paths, settings.max_bytes)
        return _finish(arguments, fingerprint, failures)


def _reindex(
    arguments: argparse.Namespace, client: ExtractorClient, root: Path, paths: ImagePaths, max_bytes: int
) -> tuple[str, list[Failure]]:
    """Return the new model's fingerprint and what could not be embedded."""
    model = client.model()
    fingerprint = str(model["fingerprint"])
    with closing(open_store(arguments.store)) as old:
        old.check_writable()
        if not root_fits(old, root):
            raise WrongRoot(f"No file of the collection is below {root}: give the right --root.")
        new_url = with_metric(arguments.to, old.metric)
        with (
            closing(create_store(new_url, fingerprint, int(model["dim"]))) as new,
            tqdm(total=old.count(), unit="image", disable=arguments.quiet) as bar,
        ):
            options = IngestOptions(max_bytes, batches_in_flight(client.addresses), abort=client.close)
            failures = reindex(old, new, client.embed, paths, Progress(bar.update), options)
    return fingerprint, failures


def _finish(arguments: argparse.Namespace, fingerprint: str, failures: list[Failure]) -> int:
    print_failures(failures)
    store, to = without_secrets(arguments.store), without_secrets(arguments.to)
    if failures and not arguments.without_failed:
        print(f"{len(failures)} images could not be embedded, so {store} stays as it is.")
        print("Fix them and run the same command again, or add --without-failed to go without them.")
        return SOME_FAILED
    with closing(open_store(arguments.to)) as new:
        new.expect(fingerprint)  # a second run of this command may have been faster
    swap_stores(arguments.store, arguments.to)
    print(f"{store} has the new vectors now; the old ones are at {to}.")
    print(f"Let the search service use the new extractor. Then: python -m scripts.index drop --store {to}")
    return SOME_FAILED if failures else ALL_WELL


def _parse_arguments(settings: SearchSettings) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.reindex", description=__doc__)
    parser.add_argument("--to", required=True, metavar="NEW", help="store URL that the new collection is built at")
    parser.add_argument("--store", default=settings.store_url, help="store URL (default: SEARCH_STORE_URL)")
    parser.add_argument(
        "--extractor", default=settings.extractor_url, help="of the new model (default: SEARCH_EXTRACTOR_URL)"
    )
    parser.add_argument(
        "--root", type=Path, default=settings.image_root, help="folder of the files (default: SEARCH_IMAGE_ROOT)"
    )
    parser.add_argument("--without-failed", action="store_true", help="swap even if some files cannot be embedded")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
