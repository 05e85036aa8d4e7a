"""Indexing a folder, from finding its files to pruning: what the command and the jobs have in common."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

from search_api.embedding.extraction import Embed
from search_api.ingest.files import Failure, display_name, find_files, relative_path
from search_api.ingest.options import IngestOptions
from search_api.ingest.prune import prune_folder, root_fits
from search_api.ingest.run import ingest
from search_api.ingest.summary import Progress
from search_api.stores.base import Store

_LEADS_OUT = "It is a link that leads out of the image root."


def index_folder(
    store: Store,
    embed: Embed,
    root: Path,
    folder: Path,
    progress: Progress,
    options: IngestOptions,
    *,
    on_total: Callable[[int], object],
    prune: bool,
    links_out: bool,
    before_prune: Callable[[], object] = lambda: None,
) -> None:
    """Index the files of ``folder``, which is below ``root``; with ``prune`` delete the records of missing files.

    ``on_total`` is called with the number of files. Unless ``links_out``, links out of the root are failures. Raises
    WrongRoot, and whatever ``embed``, ``store`` and the callbacks raise; what was written until then stays.
    """
    sure_of_root = root_fits(store, root)  # asked now: afterwards this run's own records would speak for it
    paths = find_files(folder, options.check_cancelled)
    on_total(len(paths))
    if not links_out:
        paths = list(_inside(paths, root, progress))
    ingest(store, embed, root, paths, progress, options, follow_moves=sure_of_root)
    if prune:
        before_prune()
        progress.summary.pruned = prune_folder(store, root, folder, sure_of_root=sure_of_root, dry_run=options.dry_run)


def _inside(paths: list[Path], root: Path, progress: Progress) -> Iterator[Path]:
    """Yield those of ``paths`` that do not lead out of ``root``; the others have failed."""
    for path in paths:
        if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(root):
            progress.failed(Failure(display_name(relative_path(path, root)), "forbidden", _LEADS_OUT))
        else:
            yield path
