"""The extractor's client and answers that are none, or that no extractor gives."""

import pytest

from search_api.embedding.client import ExtractorClient
from search_api.embedding.errors import ExtractorUnavailable, ImageRejected
from tests.answers import assert_sentence
from tests.search_api.embedding.fake_extractor import FakeExtractor, Reply, bad, good


def embed(fake: FakeExtractor) -> str:
    return ExtractorClient([fake.url], deadline=20.0).embed([b"x"]).fingerprint


_GARBAGE = {
    "no JSON": Reply(200, b"<html>It works!</html>"),
    "nothing": Reply(200),
    "a list": Reply(200, b"[]"),
    "null": Reply(200, b"null"),
    "no data": Reply(200, b"{}"),
    "no items": good({"model": "a:model"}),
    "no model": good({"items": [{"vector": [1.0]}]}),
    "too many items": good({"model": "a:model", "items": [{"vector": [1.0]}] * 2}),
    "no vector": good({"model": "a:model", "items": [{}]}),
    "a vector of words": good({"model": "a:model", "items": [{"vector": ["one"]}]}),
    "an unknown refusal": bad("out_of_luck", 418),
    "a page that is missing": Reply(404, b"<html>Not here</html>"),
    "a place elsewhere": Reply(301, b"", {"Location": "/calFeatureVectors"}),
}


def test_an_answer_that_no_extractor_gives_is_refused(subtests: pytest.Subtests) -> None:
    for what, reply in _GARBAGE.items():
        with subtests.test(what):
            with FakeExtractor(reply) as fake, pytest.raises(ExtractorUnavailable) as caught:
                embed(fake)
            assert_sentence(str(caught.value))


def test_a_model_that_is_not_described_is_refused(subtests: pytest.Subtests) -> None:
    for reply in [good({}), good([]), good({"status": "alive"}), Reply(200, b"[1]"), Reply(200, b"")]:
        with subtests.test(str(reply.body)):
            with FakeExtractor(reply) as fake, pytest.raises(ExtractorUnavailable) as caught:
                ExtractorClient([fake.url], deadline=20.0).model()
            assert_sentence(str(caught.value))


def test_a_refusal_by_name_is_not_asked_again() -> None:
    with (
        FakeExtractor(bad("too_many_pixels", 422)) as fake,
        pytest.raises(ImageRejected, match="The fake extractor says so") as caught,
    ):
        embed(fake)
    assert caught.value.error == "too_many_pixels"
    assert len(fake.asked) == 1
