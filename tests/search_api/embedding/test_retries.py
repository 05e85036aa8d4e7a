"""The extractor's client on bad days: what it waits for, for how long, and what it makes of garbage."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from search_api.embedding.client import ExtractorClient
from search_api.embedding.errors import ExtractorBusy, ExtractorCrashes, ExtractorUnavailable
from tests.answers import assert_sentence
from tests.search_api.embedding.fake_extractor import HANG_UP, FakeExtractor, Reply, bad, good
from tests.servers.process import free_port

_ONE = good({"model": "a:model", "items": [{"vector": [1.0, 2.0]}]})
_FAR_TOO_LONG = 20.0  # seconds; what is bounded by a deadline of one or two ends long before


def embed(fake: FakeExtractor, deadline: float = 20.0) -> str:
    return ExtractorClient([fake.url], deadline=deadline).embed([b"x"]).fingerprint


def test_an_extractor_that_refuses_connections_is_waited_for() -> None:
    later = FakeExtractor(_ONE)
    timer = threading.Timer(0.7, later.__enter__)
    timer.start()
    assert embed(later) == "a:model"
    timer.join()
    later.__exit__(None, None, None)


_AWAY_FOR_A_MOMENT = {
    "starting": bad("not_ready", 503),
    "busy": bad("busy", 429),
    "proxy without upstream": Reply(503, b"<html>no upstream</html>", {"Content-Type": "text/html"}),
    "proxy limits": Reply(429, b""),
    "bad gateway": Reply(502, b"<html>bad gateway</html>"),
    "gateway timeout": Reply(504, b""),
}


def test_an_extractor_that_is_away_for_a_moment_is_asked_again(subtests: pytest.Subtests) -> None:
    for what, reply in _AWAY_FOR_A_MOMENT.items():
        with subtests.test(what):
            with FakeExtractor(reply, reply, _ONE) as fake:
                assert embed(fake) == "a:model"
            assert len(fake.asked) == 3


def test_a_retry_after_is_honoured(subtests: pytest.Subtests) -> None:
    for status in [429, 503]:
        with subtests.test(status=status), FakeExtractor(bad("busy", status, Retry_After="1"), _ONE) as fake:
            started = time.monotonic()
            assert embed(fake) == "a:model"
            assert time.monotonic() - started >= 1.0


def test_a_retry_after_that_cannot_be_read_is_ignored(subtests: pytest.Subtests) -> None:
    for text in ["", "-5", "soon", "1.5", "Wed, 21 Oct 2015 07:28:00 GMT"]:
        with subtests.test(repr(text)), FakeExtractor(bad("busy", 429, Retry_After=text), _ONE) as fake:
            assert embed(fake) == "a:model"


def test_a_retry_after_beyond_the_deadline_is_not_slept_through() -> None:
    with FakeExtractor(bad("busy", 429, Retry_After="3600")) as fake:
        started = time.monotonic()
        with pytest.raises(ExtractorBusy):
            embed(fake, deadline=2.0)
        assert time.monotonic() - started < _FAR_TOO_LONG


def test_retries_end_with_the_deadline(subtests: pytest.Subtests) -> None:
    for reply, failure, words in [
        (bad("busy", 429), ExtractorBusy, "busy"),
        (bad("not_ready", 503), ExtractorUnavailable, "is not ready"),
        (Reply(503, b"<html>"), ExtractorUnavailable, "is not ready"),
    ]:
        with subtests.test(str(reply)):
            with FakeExtractor(reply) as fake, pytest.raises(failure, match=words) as caught:
                embed(fake, deadline=0.8)
            assert len(fake.asked) > 1
            assert_sentence(str(caught.value))


def test_retries_of_an_address_without_a_server_end_with_the_deadline() -> None:
    with pytest.raises(ExtractorUnavailable, match="does not answer") as caught:
        ExtractorClient([f"http://127.0.0.1:{free_port()}"], deadline=0.5).model()
    assert_sentence(str(caught.value))


@pytest.fixture
def silent() -> Iterator[str]:
    """An address that accepts connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_an_answer_that_never_comes_is_not_waited_for_longer_than_the_deadline(silent: str) -> None:
    started = time.monotonic()
    with pytest.raises(ExtractorUnavailable, match="ReadTimeout"):
        ExtractorClient([silent], deadline=1.0).embed([b"x"])
    assert time.monotonic() - started < _FAR_TOO_LONG


def test_closing_ends_all_waiting() -> None:
    asking = ExtractorClient([f"http://127.0.0.1:{free_port()}"], deadline=600.0)
    failures: list[Exception] = []

    def wait() -> None:
        with pytest.raises(ExtractorUnavailable) as caught:
            asking.embed([b"x"])
        failures.append(caught.value)

    waiting = [threading.Thread(target=wait) for _ in range(3)]
    for thread in waiting:
        thread.start()
    time.sleep(0.5)
    asking.close()
    for thread in waiting:
        thread.join(_FAR_TOO_LONG)
    assert len(failures) == 3


def test_a_connection_that_is_lost_is_tried_again_once_the_extractor_is_ready() -> None:
    with FakeExtractor(HANG_UP, HANG_UP, HANG_UP, HANG_UP, bad("not_ready", 503), _ONE) as fake:
        assert embed(fake) == "a:model"
    sent, *asked_after, sent_again = [asked.path for asked in fake.asked]
    assert (sent, sent_again) == ("/calFeatureVectors", "/calFeatureVectors")
    assert set(asked_after) == {"/readyz"}


def test_a_request_that_a_ready_extractor_does_not_survive_again_and_again_is_to_blame() -> None:
    ready = good({"status": "ready"})
    with FakeExtractor(HANG_UP, ready, HANG_UP, ready, HANG_UP) as fake, pytest.raises(ExtractorCrashes) as caught:
        embed(fake, deadline=600.0)
    assert [asked.path for asked in fake.asked].count("/calFeatureVectors") == 3
    assert_sentence(str(caught.value))


def test_an_extractor_that_is_lost_and_never_ready_again_is_away_and_no_request_to_blame() -> None:
    with FakeExtractor(HANG_UP) as fake, pytest.raises(ExtractorUnavailable) as caught:
        embed(fake, deadline=2.0)
    assert not isinstance(caught.value, ExtractorCrashes)
    assert len(fake.asked) > 3


def test_the_caller_hears_once_that_the_client_waits() -> None:
    said: list[str] = []
    with FakeExtractor(bad("not_ready", 503)) as fake, pytest.raises(ExtractorUnavailable):
        ExtractorClient([fake.url], deadline=4.0, on_wait=said.append).model()
    assert len(said) == 1
    assert_sentence(said[0])


def test_one_internal_error_is_tried_again_once_the_extractor_is_ready() -> None:
    with FakeExtractor(bad("internal", 500), bad("internal", 500), good({"status": "ready"}), _ONE) as fake:
        assert embed(fake) == "a:model"
    assert [asked.path for asked in fake.asked] == ["/calFeatureVectors", "/readyz", "/readyz", "/calFeatureVectors"]


def test_a_request_that_a_ready_extractor_fails_again_and_again_is_to_blame() -> None:
    ready, broken = good({"status": "ready"}), bad("internal", 500)
    with (
        FakeExtractor(broken, ready, broken, ready, broken) as fake,
        pytest.raises(ExtractorCrashes, match="500") as caught,
    ):
        embed(fake, deadline=600.0)
    assert [asked.path for asked in fake.asked].count("/calFeatureVectors") == 3
    assert_sentence(str(caught.value))


def test_an_extractor_that_fails_at_everything_is_away_and_no_request_to_blame() -> None:
    with FakeExtractor(bad("internal", 500)) as fake, pytest.raises(ExtractorUnavailable, match="500") as caught:
        embed(fake, deadline=2.0)
    assert not isinstance(caught.value, ExtractorCrashes)
    assert_sentence(str(caught.value))


_BROKEN = {
    "not an extractor": Reply(404, b"<html>Not here</html>"),
    "failing": bad("internal", 500),
    "no JSON": Reply(200, b"<html>It works!</html>"),
    "garbage": good({"items": []}),
    "busy": bad("busy", 429),
    "hanging up": HANG_UP,
}


def test_a_broken_address_beside_a_good_one_fails_no_call(subtests: pytest.Subtests) -> None:
    for what, reply in _BROKEN.items():
        with subtests.test(what):
            with FakeExtractor(reply) as broken, FakeExtractor(_ONE) as healthy:
                asking = ExtractorClient([broken.url, healthy.url], deadline=600.0)
                assert [asking.embed([b"x"]).fingerprint for _ in range(4)] == ["a:model"] * 4
            assert len(healthy.asked) == 4


def test_a_broken_address_beside_a_ready_one_does_not_make_the_client_unready(subtests: pytest.Subtests) -> None:
    for reply in [Reply(404, b"<html>"), bad("internal", 500), bad("not_ready", 503)]:
        with (
            subtests.test(str(reply)),
            FakeExtractor(reply) as broken,
            FakeExtractor(good({"status": "ready"})) as healthy,
        ):
            asking = ExtractorClient([broken.url, healthy.url], deadline=600.0)
            for _ in range(4):
                asking.ping()


def test_an_address_that_is_not_an_extractor_lets_the_call_wait_for_the_other_one() -> None:
    with (
        FakeExtractor(Reply(404, b"")) as wrong,
        FakeExtractor(bad("not_ready", 503), bad("not_ready", 503), _ONE) as starting,
    ):
        assert ExtractorClient([wrong.url, starting.url], deadline=20.0).embed([b"x"]).fingerprint == "a:model"
    assert len(wrong.asked) == 1


def test_a_busy_address_beside_a_dead_one_is_not_asked_before_its_time_and_the_call_says_busy() -> None:
    with FakeExtractor(bad("busy", 429, Retry_After="1")) as busy, pytest.raises(ExtractorBusy):
        ExtractorClient([f"http://127.0.0.1:{free_port()}", busy.url], deadline=2.5).embed([b"x"])
    assert len(busy.asked) <= 3
