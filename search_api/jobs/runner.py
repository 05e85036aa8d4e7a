"""What a job does: one folder into one collection, by the same ingest that the scripts use."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from search_api.embedding.client import ExtractorClient
from search_api.ingest.files import Failure, display_name, find_files, relative_path
from search_api.ingest.prune import prune, root_fits
from search_api.ingest.run import batches_in_flight, ingest
from search_api.ingest.summary import Progress
from search_api.jobs.cancellation import Cancellation
from search_api.jobs.folder import job_folder
from search_api.jobs.job import Job
from search_api.stores.catalogue import Catalogue

_LEADS_OUT = "It is a link that leads out of the image root."


@dataclass(frozen=True)
class JobRunner:
    """The parts that jobs need. ``make_client`` gives each a patient client of its own."""

    catalogue: Catalogue
    make_client: Callable[[], ExtractorClient]
    root: Path | None
    max_bytes: int

    def path(self, path: str) -> str:
        """The folder that ``path`` names, written the one way that jobs keep it; raises BadParameter or NotFound."""
        root, folder = job_folder(self.root, path)
        return "" if folder == root else relative_path(folder, root)

    def index(
        self,
        job: Job,
        progress: Progress,
        cancellation: Cancellation,
        *,
        found: Callable[[int], object],
        advance: Callable[[], object],
    ) -> None:
        """Run ``job``: ``found`` hears how many files there are, ``advance`` is called before each.

        Raises Cancelled, or whatever fails, soon after the job's ``cancellation`` is requested.
        """

        def check_cancelled() -> None:
            cancellation.check()
            advance()

        root, folder = job_folder(self.root, job.path)
        with closing(self.make_client()) as client:
            cancellation.on_request(client.close)
            store = self.catalogue.get_or_create(job.collection, client.model)
            check_cancelled()
            sure_of_root = root_fits(store, root)
            files = find_files(folder, check_cancelled)
            found(len(files))
            ingest(
                store,
                client.embed,
                root,
                list(_inside(files, root, progress)),
                progress,
                max_bytes=self.max_bytes,
                in_flight=batches_in_flight(client.addresses),
                dry_run=False,
                abort=client.close,
                check_cancelled=check_cancelled,
            )
        if job.prune:
            job_folder(self.root, job.path)  # the disk may be gone by now, and not its files alone
            progress.summary.pruned = prune(store, root, folder, sure_of_root=sure_of_root, dry_run=False)


def _inside(files: list[Path], root: Path, progress: Progress) -> Iterator[Path]:
    """Those of ``files`` that do not lead out of ``root``; the others have failed."""
    for path in files:
        if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(root):
            progress.failed(Failure(display_name(relative_path(path, root)), "forbidden", _LEADS_OUT))
        else:
            yield path
