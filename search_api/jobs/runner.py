"""What a job does: one folder into one collection, by the same ingest that the scripts use."""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from search_api.embedding.client import ExtractorClient
from search_api.ingest.files import relative_path
from search_api.ingest.folder import index_folder
from search_api.ingest.options import IngestOptions, batches_in_flight
from search_api.ingest.summary import Progress
from search_api.jobs.cancellation import Cancellation
from search_api.jobs.folder import job_folder
from search_api.jobs.job import Job
from search_api.stores.catalogue import Catalogue


@dataclass(frozen=True)
class JobRunner:
    """The parts that jobs need. ``make_client`` gives each job a client of its own that waits."""

    catalogue: Catalogue
    make_client: Callable[[], ExtractorClient]
    root: Path | None
    max_bytes: int

    def path(self, path: str) -> str:
        """Return the folder that ``path`` names in the one spelling that jobs keep; raises BadParameter or NotFound."""
        root, folder = job_folder(self.root, path)
        return "" if folder == root else relative_path(folder, root)

    def run(
        self, job: Job, progress: Progress, cancellation: Cancellation, *, on_total: Callable[[int], object]
    ) -> None:
        """Index the folder of ``job``; ``on_total`` is called with the number of its files.

        Raises Cancelled, or whatever fails, soon after ``cancellation`` is requested.
        """
        root, folder = job_folder(self.root, job.path)
        with closing(self.make_client()) as client:
            cancellation.on_request(client.close)
            store = self.catalogue.get_or_create(job.collection, client.model)
            cancellation.check()
            index_folder(
                store,
                client.embed,
                root,
                folder,
                progress,
                IngestOptions(
                    self.max_bytes,
                    batches_in_flight(client.addresses),
                    abort=client.close,
                    check_cancelled=cancellation.check,
                ),
                on_total=on_total,
                prune=job.prune,
                links_out=False,
                before_prune=partial(job_folder, self.root, job.path),  # the disk may be gone by now
            )
