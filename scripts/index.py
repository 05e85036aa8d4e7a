"""Manages a collection: ``python -m scripts.index create|info|clear|drop|export|import``."""

import argparse
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from tqdm import tqdm

from scripts.exit_codes import ALL_WELL, COULD_NOT_RUN, failing_with_one_sentence
from scripts.extractor_args import EXTRACTOR_ERRORS, retrying_client
from scripts.importing import run_import
from scripts.store_args import STORE_ERRORS, RootMissing, add_store_arguments, chosen_store
from search_api.images.paths import UPLOADS
from search_api.settings import SearchSettings
from search_api.stores import create_store, drop_store, open_store
from search_api.stores.base import BadRecord
from search_api.stores.url import without_secrets
from search_api.transfer.legacy_import import OtherModel
from search_api.transfer.parquet import BadArchive, export


def main() -> int:
    with failing_with_one_sentence(
        BadArchive, BadRecord, OtherModel, RootMissing, OSError, *EXTRACTOR_ERRORS, *STORE_ERRORS
    ):
        arguments = _parse_arguments(SearchSettings())
        arguments.store = chosen_store(arguments)
        return _COMMANDS[arguments.command](arguments)


def _create(arguments: argparse.Namespace) -> int:
    with closing(retrying_client(arguments.extractor, arguments.deadline)) as client:
        model = client.model()
    create_store(arguments.store, str(model["fingerprint"]), int(model["dim"])).close()
    return _info(arguments)


def _info(arguments: argparse.Namespace) -> int:
    with closing(open_store(arguments.store)) as store:
        rows = {"images": store.count(), "fingerprint": store.fingerprint, "metric": store.metric, "dim": store.dim}
        rows |= store.details()
    for name, value in rows.items():
        print(f"{name:<12}{value}")
    return ALL_WELL


def _clear(arguments: argparse.Namespace) -> int:
    with closing(open_store(arguments.store)) as store:
        if not _confirmed(arguments, f"Delete all {store.count()} images of {without_secrets(arguments.store)}?"):
            return COULD_NOT_RUN
        print(f"deleted {store.clear()} images; the collection stays")
    return ALL_WELL


def _drop(arguments: argparse.Namespace) -> int:
    with closing(open_store(arguments.store)) as store:
        count = store.count()
    if not _confirmed(arguments, f"Drop {without_secrets(arguments.store)} with its {count} images?"):
        return COULD_NOT_RUN
    drop_store(arguments.store)
    print("dropped")
    return ALL_WELL


def _export(arguments: argparse.Namespace) -> int:
    with closing(open_store(arguments.store)) as store, tqdm(total=store.count(), unit="image") as bar:
        count = export(store, arguments.file, bar.update)
    print(f"exported {count} images to {arguments.file}")
    return ALL_WELL


def _confirmed(arguments: argparse.Namespace, question: str) -> bool:
    if arguments.yes:
        return True
    if not sys.stdin.isatty():
        print(f"{question} Confirm with --yes.", file=sys.stderr)
        return False
    return input(f"{question} Type yes: ") == "yes"


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "create": _create,
    "info": _info,
    "clear": _clear,
    "drop": _drop,
    "export": _export,
    "import": run_import,
}


def _parse_arguments(settings: SearchSettings) -> argparse.Namespace:
    every = argparse.ArgumentParser(add_help=False)
    add_store_arguments(every, settings.store_url)
    model = argparse.ArgumentParser(add_help=False)
    model.add_argument("--extractor", default=settings.extractor_url, help="default: SEARCH_EXTRACTOR_URL")
    model.add_argument("--deadline", type=float, default=settings.extractor_deadline, help="seconds to wait for it")
    parser = argparse.ArgumentParser(prog="python -m scripts.index", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("create", parents=[every, model], help="make an empty collection for the extractor's model")
    commands.add_parser("info", parents=[every], help="show what is in it")
    for name, text in (("clear", "delete every image, keep the collection"), ("drop", "delete the collection")):
        commands.add_parser(name, parents=[every], help=text).add_argument(
            "--yes", action="store_true", help="do not ask"
        )
    written = commands.add_parser("export", parents=[every], help="write it to a Parquet file")
    written.add_argument("file", type=Path, metavar="FILE.parquet")
    read = commands.add_parser("import", parents=[every, model], help="copy an archive or another collection into it")
    read.add_argument("source", metavar="SOURCE", help="FILE.parquet, or a store URL")
    read.set_defaults(uploads=settings.upload_dir / UPLOADS)
    published = read.add_argument_group("where SOURCE is an index that the published script made")
    published.add_argument(
        "--root", type=Path, default=settings.image_root, help="folder of the files (default: SEARCH_IMAGE_ROOT)"
    )
    published.add_argument("--strip", metavar="PREFIX", help="the prefix of its paths (default: the root)")
    published.add_argument("--unverified", action="store_true", help="do not compare its vectors with the extractor's")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
