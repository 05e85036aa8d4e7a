"""TLS: the server's certificate is checked, and what is wrong with it is said."""

import shutil
from functools import partial
from pathlib import Path

import pytest

from search_api.stores import create_store, drop_store, open_store
from search_api.stores.base import StoreMissing
from tests.servers.certificates import Certificate
from tests.stores.elastic.secure import Secure
from tests.stores.refusals import refusal
from tests.stores.samples import DIM, FINGERPRINT, record


@pytest.fixture
def secure(tls_server: Secure) -> Secure:
    return tls_server


def test_a_certificate_of_a_named_authority_is_trusted(secure: Secure, collection: str) -> None:
    assert secure.url(collection).startswith("elasticsearch+https://")
    store = open_store(secure.url(collection))
    store.upsert([record("c.jpg")])
    assert store.count() == 3
    store.close()


def test_the_file_of_the_authority_may_have_an_odd_name(secure: Secure, secure_name: str, tmp_path: Path) -> None:
    assert secure.certificate is not None
    file = tmp_path / "our own, 100% ü.pem"
    shutil.copy(secure.certificate.certificate, file)
    with pytest.raises(StoreMissing):
        open_store(secure.url(secure_name, ca=file))


def test_another_authority_is_not_trusted(secure: Secure, collection: str, tmp_path: Path) -> None:
    other = Certificate.make(tmp_path).certificate
    words = r"No trusted connection .*certificate authority with \?ca=FILE .*CERTIFICATE_VERIFY_FAILED"
    for url in (secure.url(collection, ca=other), secure.url(collection, ca=None)):
        for use in (partial(open_store, url), partial(create_store, url, FINGERPRINT, DIM), partial(drop_store, url)):
            refusal(use, words)


def test_a_file_that_is_absent_or_no_certificate_is_named(secure: Secure, collection: str, tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    refusal(partial(open_store, secure.url(collection, ca=file)), f"There is no file {file}")
    refusal(partial(open_store, secure.url(collection, ca=tmp_path)), f"There is no file {tmp_path}")
    for text in ("", "no certificate at all", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"):
        file.write_text(text)
        refusal(
            partial(open_store, secure.url(collection, ca=file)), f"{file}, which .* is not a readable PEM certificate"
        )


def test_a_name_that_is_not_in_the_certificate_is_not_trusted(secure: Secure, collection: str) -> None:
    url = secure.url(collection).replace("127.0.0.1", "localhost")
    refusal(partial(open_store, url), "No trusted connection .*Hostname mismatch")


def test_plain_http_to_a_server_that_speaks_tls_cannot_be_reached(secure: Secure, collection: str) -> None:
    url = secure.url(collection, ca=None).replace("elasticsearch+https", "elasticsearch")
    refusal(partial(open_store, url), "cannot be reached")


def test_tls_to_a_server_that_speaks_plain_http_is_no_trusted_connection(plain_server: Secure, collection: str) -> None:
    url = plain_server.url(collection).replace("elasticsearch://", "elasticsearch+https://")
    refusal(partial(open_store, url), "No trusted connection")
