"""The extractor's client on good days: order, several addresses, and what it sends along."""

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from imaging import Box
from search_api.embedding.client import ExtractorClient
from search_api.embedding.errors import BadAddress, ExtractorUnavailable, ImageRejected
from tests.extractor.dummy import FINGERPRINT, MODEL, dummy_embedder
from tests.ingest.album import image
from tests.search_api.embedding.fake_extractor import FakeExtractor, good
from tests.servers.process import Service, free_port
from wire.extraction import Rejected

_ONE = good({"model": "a:model", "items": [{"vector": [1.0, 2.0]}]})


def client(*urls: str, deadline: float = 20.0) -> ExtractorClient:
    return ExtractorClient(urls, deadline=deadline)


def test_vectors_come_in_the_order_of_the_images(extractor: Service) -> None:
    images = [image(number) for number in range(12)]
    extraction = client(extractor.url).embed(images)
    assert extraction.fingerprint == str(FINGERPRINT)
    expected = dummy_embedder().embed(images)
    assert np.allclose(np.stack(extraction.items), expected, rtol=1e-5, atol=1e-5)  # type: ignore[arg-type]


def test_a_refused_image_keeps_its_place_and_its_reason(extractor: Service) -> None:
    extraction = client(extractor.url).embed([image(1), b"words", image(2)])
    reason = extraction.items[1]
    assert isinstance(reason, Rejected)
    assert reason.error == "not_an_image"
    assert [isinstance(item, np.ndarray) for item in extraction.items] == [True, False, True]


def test_a_box_reaches_the_extractor(extractor: Service) -> None:
    (whole,) = client(extractor.url).embed([image(1)]).items
    (part,) = client(extractor.url).embed([image(1)], Box(0, 0, 0.5, 0.5)).items
    assert not np.allclose(whole, part)  # type: ignore[arg-type]


def test_a_request_that_is_refused_as_a_whole_says_why(extractor: Service) -> None:
    with pytest.raises(ImageRejected, match="64 images") as caught:
        client(extractor.url).embed([image(1)] * 65)
    assert caught.value.error == "bad_parameter"


def test_the_model_is_described(extractor: Service) -> None:
    described = client(extractor.url).model()
    assert (described["fingerprint"], described["dim"]) == (str(FINGERPRINT), MODEL.dim)


def test_the_request_id_is_sent_along_when_there_is_one() -> None:
    with FakeExtractor(_ONE) as fake:
        client(fake.url).embed([b"x"], request_id="query-17")
        client(fake.url).embed([b"x"])
    assert fake.asked[0].headers["X-Request-ID"] == "query-17"
    assert "X-Request-ID" not in fake.asked[1].headers
    assert [(asked.method, asked.path) for asked in fake.asked] == [("POST", "/calFeatureVectors")] * 2


def test_an_address_may_end_with_a_slash_or_have_a_path() -> None:
    with FakeExtractor(_ONE) as fake:
        client(f"{fake.url}/").embed([b"x"])
        client(f"{fake.url}/extractor/").embed([b"x"])
    assert [asked.path for asked in fake.asked] == ["/calFeatureVectors", "/extractor/calFeatureVectors"]


def test_several_addresses_share_the_load() -> None:
    with FakeExtractor(_ONE) as first, FakeExtractor(_ONE) as second, FakeExtractor(_ONE) as third:
        asking = client(first.url, second.url, third.url)
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(asking.embed, itertools.repeat([b"x"], 30)))
    assert asking.addresses == 3
    assert [len(fake.asked) for fake in (first, second, third)] == [10, 10, 10]


def test_with_one_dead_address_of_two_no_request_fails(extractor: Service) -> None:
    asking = client(f"http://127.0.0.1:{free_port()}", extractor.url)
    with ThreadPoolExecutor(4) as pool:
        extractions = list(pool.map(asking.embed, itertools.repeat([image(1)], 12)))
    assert {extraction.fingerprint for extraction in extractions} == {str(FINGERPRINT)}


def test_proxies_of_the_environment_are_not_asked(extractor: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    client(extractor.url, deadline=2.0).model()


def test_a_url_that_is_not_an_address_is_refused_at_once(subtests: pytest.Subtests) -> None:
    for url in ["", "127.0.0.1:5004", "localhost", "ftp://host", "http://", "http://host:99999", "//host"]:
        with subtests.test(repr(url)), pytest.raises(BadAddress, match=r"is not the address of an extractor: .*\.$"):
            client("http://127.0.0.1:5004", url)


def test_no_address_at_all_is_refused() -> None:
    with pytest.raises(BadAddress):
        client()


def test_one_address_that_is_ready_is_enough(extractor: Service) -> None:
    asking = client(f"http://127.0.0.1:{free_port()}", extractor.url, f"http://127.0.0.1:{free_port()}")
    for _ in range(3):
        asking.ping()


def test_an_address_is_shown_without_the_password_in_it() -> None:
    with pytest.raises(ExtractorUnavailable) as caught:
        client(f"http://user:secret@127.0.0.1:{free_port()}", deadline=0.2).model()
    assert "secret" not in str(caught.value)
    assert "127.0.0.1" in str(caught.value)


def test_a_ping_asks_once_and_does_not_wait(extractor: Service) -> None:
    client(extractor.url).ping()
    with pytest.raises(ExtractorUnavailable, match=r"does not answer .*\.$"):
        client(f"http://127.0.0.1:{free_port()}", deadline=600.0).ping()
