"""The first stage: which files are new or changed?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from search_api.ingest.files import Failure, File, is_text, read_file, relative_path
from search_api.ingest.options import IngestOptions
from search_api.ingest.summary import Progress
from search_api.stores.base import Store

_LOOKUP_PATHS = 512


@dataclass(frozen=True)
class Duplicate:
    """A file with the same bytes as one that is already on its way; its bytes are not kept."""

    file_path: str
    sha256: str
    size: int


class Reader:
    """The stage that reads and hashes files one after the other, and passes on those that are new or changed."""

    def __init__(self, store: Store, root: Path, progress: Progress, options: IngestOptions) -> None:
        self._store = store
        self._root = root
        self._max_bytes = options.max_bytes
        self._progress = progress
        self._check_cancelled = options.check_cancelled
        self._on_the_way: set[str] = set()
        self.duplicates: list[Duplicate] = []

    def changed_files(self, paths: Sequence[Path]) -> Iterator[File]:
        """Yield the files of ``paths`` that are new or changed, each content once; see ``duplicates``."""
        for start in range(0, len(paths), _LOOKUP_PATHS):
            some = paths[start : start + _LOOKUP_PATHS]
            wanted = [path for path in (relative_path(path, self._root) for path in some) if is_text(path)]
            known = {record.file_path: record.sha256 for record in self._store.by_path(wanted)}
            for path in some:
                self._check_cancelled()
                file = read_file(path, self._root, self._max_bytes)
                if isinstance(file, Failure):
                    self._progress.failed(file)
                elif file is None:
                    self._progress.done("other_files")
                elif known.get(file.file_path) == file.sha256:
                    self._progress.done("unchanged")
                elif file.sha256 in self._on_the_way:
                    self.duplicates.append(Duplicate(file.file_path, file.sha256, len(file.data)))
                else:
                    self._on_the_way.add(file.sha256)
                    yield file
