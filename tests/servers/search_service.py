"""The search service as it runs: in a process of its own, on a socket."""

from pathlib import Path

from tests.servers.process import Service


def search_service(folder: Path, store_url: str, extractor_url: str, root: Path | None = None, **more: str) -> Service:
    """Return a service, not yet started, whose files are all in ``folder``; ``more`` are further settings."""
    settings = {
        "STORE_URL": store_url,
        "EXTRACTOR_URL": extractor_url,
        "CACHE_DIR": str(folder / "cache"),
        "UPLOAD_DIR": str(folder / "uploads"),
        "JOBS_DIR": str(folder / "jobs"),
        **({} if root is None else {"IMAGE_ROOT": str(root)}),
    }
    return Service("search_api.wsgi", "SEARCH", settings | more, folder / "log")
