"""Collections of a real Elasticsearch server: directly, with a meddling proxy before it, or with security."""

import secrets
from collections.abc import Iterator
from contextlib import suppress

import pytest

from search_api.stores import create_store, drop_store
from search_api.stores.base import METRICS, Store, StoreMissing
from search_api.stores.elastic.bulk import Bulk
from search_api.stores.elastic.connection import connect
from search_api.stores.elastic.query_dsl import write_alias
from tests.servers.elasticsearch import RELEASES
from tests.servers.meddling_proxy import MeddlingProxy
from tests.stores.comparing import Couple, coupled
from tests.stores.elastic.raw import Raw, parsed
from tests.stores.elastic.secure import Secure, make_secure
from tests.stores.samples import DIM, FINGERPRINT, record


@pytest.fixture
def raw(elasticsearch: str) -> Raw:
    """The server itself, past everything of ours."""
    return Raw(elasticsearch)


@pytest.fixture
def name(raw: Raw) -> Iterator[str]:
    """The name of a collection that does not exist yet."""
    name = f"images-{secrets.token_hex(4)}"
    yield name
    raw.delete(name)


@pytest.fixture
def url(elasticsearch: str, name: str) -> str:
    return f"elasticsearch://{elasticsearch}/{name}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """A created, empty collection, reached directly."""
    store = create_store(url, FINGERPRINT, DIM)
    yield store
    store.close()


@pytest.fixture
def proxy(elasticsearch: str) -> Iterator[MeddlingProxy]:
    with MeddlingProxy(elasticsearch) as proxy:
        yield proxy


@pytest.fixture
def proxy_url(proxy: MeddlingProxy, name: str) -> str:
    """The same collection by way of the proxy."""
    return f"elasticsearch://{proxy.address}/{name}"


@pytest.fixture
def meddled(store: Store, proxy_url: str) -> Iterator[Store]:
    """The collection of ``store``, opened by way of the proxy."""
    opened = create_store(proxy_url, FINGERPRINT, DIM)
    yield opened
    opened.close()


@pytest.fixture
def impatient(meddled: Store, proxy_url: str, raw: Raw, name: str) -> Iterator[Bulk]:
    """Writes to the collection of ``meddled`` and gives up after half a second."""
    url = parsed(proxy_url)
    with connect(url) as client:
        yield Bulk(client, write_alias(raw.indices(name)[0]), url.display_name, deadline=0.5)


@pytest.fixture(scope="package", params=METRICS)
def couple(
    request: pytest.FixtureRequest, elasticsearch: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Couple]:
    """The embedded store and Elasticsearch with the same 20,000 records, not to be changed."""
    url = f"elasticsearch://{elasticsearch}/compared-{secrets.token_hex(4)}?metric={request.param}"
    with coupled(url, tmp_path_factory.mktemp("ours")) as couple:
        yield couple


@pytest.fixture(scope="session")
def plain_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secure]:
    """The oldest release, over plain HTTP."""
    secure = make_secure(min(RELEASES), tmp_path_factory.mktemp("plain"), tls=False)
    with secure.server:
        yield secure


@pytest.fixture(scope="session")
def tls_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secure]:
    """The newest release, over TLS."""
    secure = make_secure(max(RELEASES), tmp_path_factory.mktemp("tls"), tls=True)
    with secure.server:
        yield secure


@pytest.fixture(params=["plain_server", "tls_server"])
def secure(request: pytest.FixtureRequest) -> Secure:
    server = request.getfixturevalue(request.param)
    assert isinstance(server, Secure)
    return server


@pytest.fixture
def secure_name(secure: Secure) -> Iterator[str]:
    """The name of a collection that does not exist yet; the same with ``-next`` is free too."""
    name = f"images-{secrets.token_hex(4)}"
    yield name
    for one in (name, f"{name}-next"):
        with suppress(StoreMissing):
            drop_store(secure.url(one))


@pytest.fixture
def collection(secure: Secure, secure_name: str) -> str:
    """The name of a collection with two records."""
    store = create_store(secure.url(secure_name), FINGERPRINT, DIM)
    store.upsert([record("a.jpg"), record("b.jpg")])
    store.publish()
    store.close()
    return secure_name
