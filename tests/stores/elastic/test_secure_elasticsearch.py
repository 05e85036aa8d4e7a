"""Who gets in: over plain HTTP with the one release, over TLS with the other."""

from urllib.parse import quote

import pytest

from search_api.stores import create_store, open_store
from search_api.stores.base import Search
from tests.servers.elasticsearch import PASSWORD, USER
from tests.stores.elastic.secure import SEARCHING, Secure, role
from tests.stores.refusals import refusal
from tests.stores.samples import DIM, FINGERPRINT, QUERY


def test_a_user_with_a_blank_in_the_password_gets_in(secure: Secure, collection: str) -> None:
    assert " " in PASSWORD
    store = open_store(secure.url(collection))
    assert store.search(Search(QUERY)).total == 2
    store.close()


@pytest.mark.parametrize("password", ["p@ss/w:rd?#%&= ü", "p+l u%20s"])
def test_a_password_of_any_letters_gets_in_when_it_is_quoted(secure: Secure, collection: str, password: str) -> None:
    secure.make_user("odd", password, role(SEARCHING))
    store = open_store(secure.url(collection, login=f"odd:{quote(password, safe='')}"))
    assert store.count() == 2
    store.close()


def test_an_api_key_gets_in(secure: Secure, collection: str) -> None:
    store = open_store(secure.url_by_key(collection, role(SEARCHING)))
    assert store.search(Search(QUERY)).total == 2
    store.close()


@pytest.mark.parametrize("login", [f"{USER}:secret", "nobody:secret", f"{USER}:", ""])
def test_a_wrong_password_or_none_is_said(secure: Secure, collection: str, login: str) -> None:
    url = secure.url(collection, login=login)
    refusal(lambda: open_store(url), "does not accept the user, password or API key", secret="secret")
    refusal(lambda: create_store(url, FINGERPRINT, DIM), "does not accept", secret="secret")


@pytest.mark.parametrize("key", ["c2VjcmV0OnNlY3JldA==", "secret"])
def test_a_wrong_api_key_is_said(secure: Secure, collection: str, key: str) -> None:
    url = secure.url(collection, login="", api_key=key)
    refusal(lambda: open_store(url), "does not accept the user, password or API key", secret=key)


def test_a_key_that_is_withdrawn_is_said_by_a_store_that_was_open(secure: Secure, collection: str) -> None:
    store = open_store(secure.url_by_key(collection, role(SEARCHING)))
    assert store.count() == 2
    secure.server.ask("DELETE", "_security/api_key", {"name": "a key of the tests"})
    refusal(lambda: store.search(Search(QUERY)), "does not accept the user, password or API key")
    store.close()
