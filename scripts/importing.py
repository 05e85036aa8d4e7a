"""``python -m scripts.index import``: from an archive, or from an index that the published script made."""

import argparse
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from tqdm import tqdm

from scripts.exit_codes import ALL_WELL, SOME_FAILED, print_failures
from scripts.extractor_args import retrying_client
from scripts.store_args import known_root
from search_api.images.upload_owners import register_owner
from search_api.stores import create_store, open_store
from search_api.stores.base import Record, Store
from search_api.stores.url import location_of, with_metric, without_secrets
from search_api.transfer.copy import copy_into
from search_api.transfer.legacy_import import LegacyImport, check_dim
from search_api.transfer.parquet import count_records, read_header, read_records


def run_import(arguments: argparse.Namespace) -> int:
    """Copy ``arguments.source`` into ``arguments.store``."""
    if "://" not in arguments.source:
        return _import_archive(arguments, Path(arguments.source))
    with closing(open_store(arguments.source)) as source:
        if source.read_only:
            return _import_legacy(arguments, source)
        return _import_store(arguments, source)


def _import_archive(arguments: argparse.Namespace, file: Path) -> int:
    header = read_header(file)
    _register_owners(arguments.uploads, arguments.store)
    url = with_metric(arguments.store, header.metric)
    with closing(create_store(url, header.fingerprint, header.dim)) as store:
        return _copy(arguments, read_records(file), count_records(file), store)


def _import_store(arguments: argparse.Namespace, source: Store) -> int:
    _register_owners(arguments.uploads, arguments.source, arguments.store)
    url = with_metric(arguments.store, source.metric)
    with closing(create_store(url, source.fingerprint, source.dim)) as store:
        return _copy(arguments, source.scan(), source.count(), store)


def _import_legacy(arguments: argparse.Namespace, source: Store) -> int:
    root = known_root(arguments.root)
    legacy = LegacyImport(root, arguments.strip or str(root))
    with closing(retrying_client(arguments.extractor, arguments.deadline)) as client:
        model = client.model()
        check_dim(source, int(model["dim"]))
        if not arguments.unverified:
            legacy.check_model(source, client.embed)
    with closing(create_store(arguments.store, str(model["fingerprint"]), source.dim)) as store:
        _copy(arguments, legacy.records(source), source.count(), store)
    print_failures(legacy.failures)
    return SOME_FAILED if legacy.failures else ALL_WELL


def _register_owners(uploads: Path, *urls: str) -> None:
    """Register all ``urls`` as owners of the uploads: records are copied, their files are not."""
    if uploads.is_dir():
        for url in urls:
            register_owner(uploads, location_of(url))


def _copy(arguments: argparse.Namespace, records: Iterable[Record], count: int, store: Store) -> int:
    with tqdm(total=count, unit="image") as bar:
        result = copy_into(store, records, bar.update)
    source = without_secrets(arguments.source)
    print(f"imported {result.written} images from {source}; {result.unchanged} were there already")
    return ALL_WELL
