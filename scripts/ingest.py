"""Indexes a folder of images: ``python -m scripts.ingest FOLDER``."""

import argparse
import os
import sys
import time
from contextlib import AbstractContextManager, closing
from pathlib import Path

from tqdm import tqdm

from scripts.exit_codes import ALL_WELL, SOME_FAILED, failing_with_one_sentence, print_failures
from scripts.extractor_args import EXTRACTOR_ERRORS, retrying_client
from scripts.store_args import STORE_ERRORS, add_store_arguments, chosen_store, opened_for_dry_run
from search_api.embedding.client import ExtractorClient
from search_api.ingest.folder import index_folder
from search_api.ingest.options import IngestOptions, batches_in_flight
from search_api.ingest.prune import WrongRoot
from search_api.ingest.summary import IngestSummary, Progress
from search_api.settings import SearchSettings
from search_api.stores import create_store
from search_api.stores.base import Store


class BadFolder(ValueError):
    """The folder to index is not a readable folder, or is not below the image root."""


def main() -> int:
    with failing_with_one_sentence(BadFolder, WrongRoot, *EXTRACTOR_ERRORS, *STORE_ERRORS):
        settings = SearchSettings()
        arguments = _parse_arguments(settings)
        folder, root = _folders(arguments.folder, arguments.root or settings.image_root)
        with closing(retrying_client(arguments.extractor)) as client:
            return _run(arguments, settings, client, folder, root)


def _run(
    arguments: argparse.Namespace, settings: SearchSettings, client: ExtractorClient, folder: Path, root: Path
) -> int:
    started = time.monotonic()
    options = IngestOptions(
        settings.max_bytes, batches_in_flight(client.addresses), dry_run=arguments.dry_run, abort=client.close
    )
    with _opened(arguments, client) as store, tqdm(unit="file", disable=arguments.quiet) as bar:
        progress = Progress(bar.update)
        try:
            index_folder(
                store,
                client.embed,
                root,
                folder,
                progress,
                options,
                on_total=bar.reset,
                prune=arguments.prune,
                links_out=True,
            )
        finally:
            bar.close()
            if bar.total is not None:  # else it ended before any file was found
                _print_summary(progress.summary, time.monotonic() - started, arguments.dry_run)
    return SOME_FAILED if progress.summary.failures else ALL_WELL


def _opened(arguments: argparse.Namespace, client: ExtractorClient) -> AbstractContextManager[Store]:
    if arguments.dry_run:
        return opened_for_dry_run(chosen_store(arguments))
    model = client.model()
    return closing(create_store(chosen_store(arguments), str(model["fingerprint"]), int(model["dim"])))


def _folders(folder: Path, root: Path | None) -> tuple[Path, Path]:
    folder = folder.resolve()
    root = folder if root is None else root.resolve()
    if not os.path.isdir(folder) or not os.access(folder, os.R_OK | os.X_OK):
        raise BadFolder(f"{folder} is not a folder that can be read.")
    if not folder.is_relative_to(root):
        raise BadFolder(f"{folder} is not below the image root {root}: give another --root.")
    return folder, root


def _parse_arguments(settings: SearchSettings) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m scripts.ingest", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="images, in any depth")
    add_store_arguments(parser, settings.store_url)
    parser.add_argument(
        "--extractor", default=settings.extractor_url, help="one or several addresses (default: SEARCH_EXTRACTOR_URL)"
    )
    parser.add_argument(
        "--root", type=Path, help="folder that paths are kept relative to (default: SEARCH_IMAGE_ROOT, else FOLDER)"
    )
    parser.add_argument("--prune", action="store_true", help="remove records below FOLDER whose file is gone")
    parser.add_argument("--dry-run", action="store_true", help="print what would be done, and change nothing")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    return parser.parse_args()


def _print_summary(summary: IngestSummary, seconds: float, dry_run: bool) -> None:
    counts = summary.counts
    rows = {
        "added": counts["added"],
        "updated": counts["updated"],
        "moved": counts["moved"],
        "sharing a vector": counts["shared"],
        "unchanged": counts["unchanged"],
        "pruned": summary.pruned,
        "not images": counts["other_files"],
        "failed": len(summary.failures),
    }
    print_failures(summary.failures)
    print("would be:" if dry_run else "done:")
    for name, number in rows.items():
        print(f"  {name:<18}{number:>8}")
    worked = counts["added"] + counts["updated"]
    print(f"  {'seconds':<18}{seconds:>8.1f}" + (f"  ({worked / seconds:.1f} images/s)" if worked else ""))


if __name__ == "__main__":
    sys.exit(main())
