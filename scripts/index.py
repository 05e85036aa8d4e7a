"""Looks after a collection: ``python -m scripts.index create|info|clear|drop|export|import``."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from tqdm import tqdm

from scripts.opening import STORE_ERRORS
from scripts.outcome import ALL_WELL, COULD_NOT_RUN, failing_with_one_sentence
from search_api.archive import BadArchive, count_records, export, import_into, read_header
from search_api.extractor_client import ExtractorBusy, ExtractorClient, ExtractorUnavailable, PictureRejected
from search_api.settings import SearchSettings, split_addresses
from search_api.stores import create_store, drop_store, open_store
from search_api.stores.base import BadRecord
from search_api.stores.url import with_metric, without_secrets


def main() -> int:
    with failing_with_one_sentence(
        BadArchive, BadRecord, ExtractorUnavailable, ExtractorBusy, PictureRejected, OSError, *STORE_ERRORS
    ):
        arguments = _parse_arguments(SearchSettings())
        return _COMMANDS[arguments.command](arguments)


def _create(arguments: argparse.Namespace) -> int:
    client = ExtractorClient(split_addresses(arguments.extractor), deadline=arguments.deadline)
    model = client.model()
    create_store(arguments.store, str(model["fingerprint"]), int(model["dim"])).close()
    return _info(arguments)


def _info(arguments: argparse.Namespace) -> int:
    store = open_store(arguments.store)
    rows = {"images": store.count(), "fingerprint": store.fingerprint, "metric": store.metric, "dim": store.dim}
    rows |= store.details()
    for name, value in rows.items():
        print(f"{name:<12}{value}")
    return ALL_WELL


def _clear(arguments: argparse.Namespace) -> int:
    store = open_store(arguments.store)
    if not _confirmed(arguments, f"Delete all {store.count()} images of {without_secrets(arguments.store)}?"):
        return COULD_NOT_RUN
    print(f"deleted {store.clear()} images; the collection stays")
    return ALL_WELL


def _drop(arguments: argparse.Namespace) -> int:
    store = open_store(arguments.store)
    if not _confirmed(arguments, f"Drop {without_secrets(arguments.store)} with its {store.count()} images?"):
        return COULD_NOT_RUN
    store.close()
    drop_store(arguments.store)
    print("dropped")
    return ALL_WELL


def _export(arguments: argparse.Namespace) -> int:
    store = open_store(arguments.store)
    with tqdm(total=store.count(), unit="image") as bar:
        count = export(store, arguments.file, bar.update)
    print(f"exported {count} images to {arguments.file}")
    return ALL_WELL


def _import(arguments: argparse.Namespace) -> int:
    header = read_header(arguments.file)
    store = create_store(with_metric(arguments.store, header.metric), header.fingerprint, header.dim)
    with tqdm(total=count_records(arguments.file), unit="image") as bar:
        count = import_into(store, arguments.file, bar.update)
    print(f"imported {count} images from {arguments.file}")
    return ALL_WELL


def _confirmed(arguments: argparse.Namespace, question: str) -> bool:
    if arguments.yes:
        return True
    if not sys.stdin.isatty():
        print(f"{question} Say so with --yes.", file=sys.stderr)
        return False
    return input(f"{question} Type yes: ") == "yes"


_COMMANDS: Mapping[str, Callable[[argparse.Namespace], int]] = {
    "create": _create,
    "info": _info,
    "clear": _clear,
    "drop": _drop,
    "export": _export,
    "import": _import,
}


def _parse_arguments(settings: SearchSettings) -> argparse.Namespace:
    every = argparse.ArgumentParser(add_help=False)
    every.add_argument("--store", default=settings.store_url, help="store URL (default: SEARCH_STORE_URL)")
    parser = argparse.ArgumentParser(prog="python -m scripts.index", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    create = commands.add_parser("create", parents=[every], help="make an empty collection for the extractor's model")
    create.add_argument("--extractor", default=settings.extractor_url, help="default: SEARCH_EXTRACTOR_URL")
    create.add_argument("--deadline", type=float, default=settings.extractor_deadline, help="seconds to wait for it")
    commands.add_parser("info", parents=[every], help="what is in it")
    for name, text in (("clear", "delete every image, keep the collection"), ("drop", "delete the collection")):
        commands.add_parser(name, parents=[every], help=text).add_argument("--yes", action="store_true", help="sure")
    for name, text in (("export", "write it to a Parquet file"), ("import", "read a Parquet file into it")):
        commands.add_parser(name, parents=[every], help=text).add_argument("file", type=Path, metavar="FILE.parquet")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
