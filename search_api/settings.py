"""The search service's settings, each with its default and its meaning. Read in wsgi.py and the scripts only."""

from pathlib import Path

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from search_api.stores.base import DEFAULT_CANDIDATES, MAX_DEPTH
from search_api.stores.engines import example_urls
from serving.logs import LogFormat
from wire.extraction import MAX_BATCH


class SearchSettings(BaseSettings):
    """Environment variables begin with ``SEARCH_``."""

    model_config = SettingsConfigDict(env_prefix="SEARCH_", env_ignore_empty=True)

    store_url: str = Field(
        f"embedded://{platformdirs.user_data_dir('image-search')}/images.db",
        description=f"Where vectors are kept: {example_urls()}; see docs/stores.md.",
    )
    extractor_url: str = Field(
        "http://127.0.0.1:5004", description="The extractor; several addresses, separated by commas, share the load."
    )
    extractor_deadline: float = Field(
        20.0, gt=0, description="Seconds a search keeps asking an extractor that is away, starting, busy or failing."
    )
    ann_candidates: int = Field(
        DEFAULT_CANDIDATES,
        ge=1,
        le=MAX_DEPTH,
        description="How many of the nearest mode=ann looks at where the store has a graph: all it can find.",
    )
    image_root: Path | None = Field(
        None, description="Folder that file paths are relative to; images are shown from it."
    )
    upload_dir: Path = Field(
        Path(platformdirs.user_data_dir("image-search")),
        description="Where images that are added through the API are kept, in a hidden folder.",
    )
    jobs_dir: Path = Field(
        Path(platformdirs.user_data_dir("image-search")) / "jobs",
        description="Where the state of indexing jobs is kept; one service to a folder.",
    )
    max_files: int = Field(MAX_BATCH, gt=0, le=MAX_BATCH, description="Images added by one request.")
    max_jobs: int = Field(2, gt=0, description="Indexing jobs that run at once.")
    max_bytes: int = Field(20 * 2**20, gt=0, description="Largest uploaded image, in bytes.")
    max_pixels: int = Field(64_000_000, gt=0, description="Largest image that a thumbnail is made of, in pixels.")
    max_body_in_flight: int = Field(
        128 * 2**20, gt=0, description="Sum of all request bodies worked on at once, in bytes; beyond it: busy."
    )
    cache_dir: Path = Field(Path(platformdirs.user_cache_dir("image-search")), description="Where thumbnails are kept.")
    threads: int = Field(32, gt=0, description="Requests answered at the same time.")
    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(5005, ge=0, le=65535, description="Port to listen on.")
    api_key: SecretStr | None = Field(
        None, description="Key that changes need, as Authorization: Bearer; without one only this machine may change."
    )
    cors_origins: str = Field("*", description="Origins whose pages may call the reading routes, separated by commas.")
    log_format: LogFormat = Field("plain", description="plain or json.")

    @property
    def extractor_urls(self) -> list[str]:
        """The addresses of ``extractor_url``."""
        return split_addresses(self.extractor_url)


def split_addresses(text: str) -> list[str]:
    """Return the addresses of a comma-separated list."""
    return [url.strip() for url in text.split(",") if url.strip()]
