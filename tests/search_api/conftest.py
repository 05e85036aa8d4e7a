"""An extractor on the dummy network, a folder of indexed images, and search services around them."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pydantic import SecretStr

from search_api.app import create_app, make_services
from search_api.settings import SearchSettings
from search_api.stores.base import StoreTimeout, StoreUnavailable
from search_api.stores.catalogue import Catalogue
from tests.search_api.gallery import Gallery, index, make_gallery
from tests.servers.dummy_extractor import dummy_extractor
from tests.servers.process import Service
from tests.servers.search_service import search_service

MakeClient = Callable[..., FlaskClient]
MAX_BYTES = 1 << 20


@pytest.fixture(scope="session")
def gallery(tmp_path_factory: pytest.TempPathFactory) -> Gallery:
    """A gallery that tests do not change."""
    return make_gallery(tmp_path_factory.mktemp("gallery"))


@pytest.fixture(scope="session")
def service(extractor: Service, gallery: Gallery, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The search service as it runs: in a process of its own, on a socket."""
    folder = tmp_path_factory.mktemp("service")
    with search_service(folder, gallery.store_url, extractor.url, gallery.root) as running:
        yield running


@pytest.fixture
def make_client(extractor: Service, gallery: Gallery, tmp_path: Path) -> Iterator[MakeClient]:
    """A function that makes clients of services; its arguments say where they differ from the usual one."""
    catalogues: list[Catalogue] = []

    def make(
        *,
        store_url: str = gallery.store_url,
        extractor_urls: Sequence[str] = (extractor.url,),
        deadline: float = 5.0,
        root: Path | None = gallery.root,
        cache: Path = tmp_path / "cache",
        uploads: Path = tmp_path / "uploads",
        max_pixels: int = 10**6,
        cors_origins: str = "*",
        api_key: str | None = None,
        max_files: int = 8,
        max_jobs: int = 2,
    ) -> FlaskClient:
        settings = SearchSettings(
            store_url=store_url,
            extractor_url=",".join(extractor_urls),
            extractor_deadline=deadline,
            image_root=root,
            upload_dir=uploads,
            jobs_dir=tmp_path / "jobs",
            cache_dir=cache,
            max_bytes=MAX_BYTES,
            max_pixels=max_pixels,
            max_files=max_files,
            max_jobs=max_jobs,
            api_key=SecretStr(api_key) if api_key else None,
        )
        services = make_services(settings, job_deadline=deadline)
        catalogues.append(services.catalogue)
        return create_app(
            services, max_body_in_flight=8 * MAX_BYTES, cors_origins=cors_origins.split(",")
        ).test_client()

    yield make
    for catalogue in catalogues:
        with suppress(StoreUnavailable, StoreTimeout):
            catalogue.get().close()


@pytest.fixture
def client(make_client: MakeClient) -> FlaskClient:
    """A client of the usual service."""
    return make_client()


@pytest.fixture
def own(tmp_path: Path, gallery: Gallery) -> Gallery:
    """A gallery that a test may spoil."""
    root = tmp_path / "own photos"
    shutil.copytree(gallery.root, root)
    made = Gallery(root, f"embedded://{tmp_path}/own.db", gallery.names)
    index(root, made.store_url)
    return made


@pytest.fixture
def own_client(make_client: MakeClient, own: Gallery) -> FlaskClient:
    """A client of the service around the gallery ``own``."""
    return make_client(store_url=own.store_url, root=own.root)


@pytest.fixture
def new_url(tmp_path: Path) -> str:
    """The URL of a store that does not exist yet."""
    return f"embedded://{tmp_path}/new.db"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An image root of its own, empty."""
    path = tmp_path / "photos"
    path.mkdir()
    return path


@pytest.fixture
def new_client(make_client: MakeClient, new_url: str, root: Path) -> FlaskClient:
    """A client of a service with nothing in it: no images, no collection."""
    return make_client(store_url=new_url, root=root)


@pytest.fixture
def uploads(tmp_path: Path) -> Path:
    """The upload folder of the services of ``make_client``."""
    return tmp_path / "uploads"


@pytest.fixture(scope="session")
def slow_extractor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """An extractor that waits a moment before every eight images, so that jobs can be disturbed."""
    with dummy_extractor(tmp_path_factory.mktemp("slow extractor") / "log", seconds_a_batch=0.08) as service:
        yield service


@pytest.fixture
def slow_client(make_client: MakeClient, slow_extractor: Service, new_url: str, root: Path) -> FlaskClient:
    """As ``new_client``, with the slow extractor."""
    return make_client(store_url=new_url, root=root, extractor_urls=[slow_extractor.url])
