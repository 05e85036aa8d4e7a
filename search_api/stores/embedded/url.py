"""The URL of the embedded store, which names a file."""

from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import SplitResult

from search_api.stores.base import Metric
from search_api.stores.url_parts import BadStoreUrl, check_collection_name, metric_of, options_of


@dataclass(frozen=True)
class EmbeddedUrl:
    """A file of the embedded store, and the metric that it is to have at its creation.

    ``collection`` names one beside the file's own, which has the empty name.
    """

    path: Path
    metric: Metric
    collection: str = ""

    @property
    def display_name(self) -> str:
        """The path of the file."""
        return str(self.path)

    def sibling(self, name: str) -> "EmbeddedUrl":
        """Return the collection ``name`` beside this one; raises BadStoreUrl."""
        check_collection_name(name)
        return replace(self, collection=name)


def embedded_url(parts: SplitResult) -> EmbeddedUrl:
    """Return what ``parts`` say; raises BadStoreUrl."""
    if parts.netloc or not parts.path.strip("/"):
        raise BadStoreUrl(f"{parts.geturl()!r} names no file: use embedded:///path/to/file.db, with three slashes.")
    options = options_of(parts, {"metric"})
    return EmbeddedUrl(Path(parts.path), metric_of(options))
