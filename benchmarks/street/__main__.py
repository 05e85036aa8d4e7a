"""The street-photo experiment: ``python -m benchmarks.street [FOLDER]``.

Each photo and three copies of it, turned at random, go into every store with the metric l2. The search for a photo
then has it first, at distance 0, and its turned copies next. After that, copies changed in every way are searched for
among all photos. Exit codes: 0 when every photo finds itself first and the stores agree, 1 when not or when a file
cannot be used, 2 when it cannot run.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from tqdm import tqdm

from benchmarks.embedders import add_model_arguments, load_embedders
from benchmarks.images import photos_in
from benchmarks.street.figures import save_hits, save_recall
from benchmarks.street.photos import CORNERS, TURNS, Photo, Prepared, Unusable, prepare_photos
from benchmarks.street.recall import Recall, count_found, format_recall
from benchmarks.street.stores import Stores, new_stores
from benchmarks.street.turned import PhotoResult, format_results, format_summary, search_for
from extractor.embedder import Embedder
from scripts.exit_codes import ALL_WELL, COULD_NOT_RUN, SOME_FAILED, failing_with_one_sentence
from scripts.sample import bundled_photographs
from scripts.store_args import STORE_ERRORS
from search_api.stores.base import BadRecord, Record

_Item = TypeVar("_Item")
_MODELS = ("mobilenet_v2", "efficientnet_lite0")  # the article's, and one whose weights are always there

_BATCH = 256  # records


def main() -> int:
    arguments = _parse_arguments()
    with failing_with_one_sentence(*STORE_ERRORS, BadRecord, OSError):
        embedder = next(load_embedders(arguments), None)
        if embedder is None:
            return COULD_NOT_RUN
        root = arguments.folder or bundled_photographs()[0].parent
        paths = photos_in(root) if arguments.folder else bundled_photographs()
        with new_stores(arguments.store, str(embedder.fingerprint), embedder.model.dim) as stores:
            turn = CORNERS[arguments.corners]
            photos, unusable = _fill(stores, prepare_photos(_progress(paths, "index"), root, turn, embedder))
            if len(photos) < 2:
                print(f"{root} has {len(photos)} photos that can be used, two are needed.", file=sys.stderr)
                return COULD_NOT_RUN
            results = _run(photos, embedder, stores, arguments.output)
    all_well = all(result.finds_itself_first and result.same_on_all for result in results)
    return ALL_WELL if all_well and all(one.is_copy for one in unusable) else SOME_FAILED


def _fill(stores: Stores, prepared: Iterable[Prepared]) -> tuple[list[Photo], list[Unusable]]:
    photos, unusable, waiting = [], [], list[Record]()
    for item in prepared:
        if isinstance(item, Unusable):
            print(f"{item.name} is left out: {item.reason}", file=sys.stderr)
            unusable.append(item)
            continue
        photo, records = item
        photos.append(photo)
        waiting += records
        if len(waiting) >= _BATCH:
            _write(stores, waiting)
            waiting = []
    _write(stores, waiting)
    return photos, unusable


def _write(stores: Stores, records: Sequence[Record]) -> None:
    for store in stores.values():
        store.upsert(records)
        store.publish()


def _run(photos: Sequence[Photo], embedder: Embedder, stores: Stores, output: Path) -> list[PhotoResult]:
    """Run both parts; print their tables and write the two figures."""
    print(f"{len(photos)} photos, {TURNS} turned copies of each; {embedder.model.name}, {embedder.model.dim} numbers")
    print(f"squared distances in {' and '.join(stores)}\n")
    results = [search_for(photo, embedder, stores) for photo in _progress(photos, "find")]
    print(format_results(results), format_summary(results, stores), sep="\n\n", end="\n\n", flush=True)
    recall = Recall.none_yet()
    store = list(stores.values())[-1]  # embedded unless others are named: a Milvus file takes 100 times as long
    for photo in _progress(photos, "change"):
        count_found(recall, photo, embedder, store)
    print("a changed copy looks for its photo among all photos:", format_recall(recall), sep="\n", end="\n\n")
    output.mkdir(parents=True, exist_ok=True)
    images = {each.id: each for photo in photos for each in (photo.itself, *photo.turned)}
    save_hits(results, images, output / "hits.png")
    save_recall(recall, output / "recall.png")
    print(f"figures: {output / 'hits.png'}, {output / 'recall.png'}")
    return results


def _progress(items: Sequence[_Item], doing: str) -> Iterable[_Item]:
    return tqdm(items, desc=doing, unit="photo", disable=not sys.stderr.isatty())


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.street", description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="photos; default: scikit-image's")
    parser.add_argument(
        "--store",
        action="append",
        default=[],
        metavar="URL",
        help="any number: the first fills the table, the last finds the changed copies; default: Milvus and embedded,"
        " in a temporary folder",
    )
    parser.add_argument(
        "--corners",
        choices=CORNERS,
        default="edge",
        help="what fills the corners of turned copies (default: %(default)s)",
    )
    parser.add_argument("--output", type=Path, default=Path("street"), metavar="DIR", help="default: %(default)s")
    add_model_arguments(parser, _MODELS, "the first that can be loaded is taken; default: %(default)s")
    arguments = parser.parse_args()
    if arguments.folder and not arguments.folder.is_dir():
        parser.error(f"{arguments.folder} is not a folder")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
