"""Bodies that are too long, or too long for now, over a real socket: the client must see the answer."""

import http.client
import json
import socket
import time
from contextlib import closing

import pytest
import requests
from flask.testing import FlaskClient

from serving.body_limiter import BodyLimiter
from serving.errors import ServiceBusy
from tests.answers import assert_failure, assert_success
from tests.servers.process import Service
from tests.serving.echo_service import MAX_BODY

_HEAD = b"POST /echo HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def test_bodies_are_admitted_until_their_lengths_add_up() -> None:
    limiter = BodyLimiter(100)
    limiter.admit(60)
    limiter.admit(40)
    with pytest.raises(ServiceBusy):
        limiter.admit(1)
    limiter.release(60)
    limiter.admit(60)


def test_a_body_longer_than_all_is_admitted_alone() -> None:
    limiter = BodyLimiter(100)
    limiter.admit(500)
    with pytest.raises(ServiceBusy):
        limiter.admit(1)


def test_every_answer_gives_its_bytes_back(client: FlaskClient) -> None:
    body = b'{"a": "' + b"x" * (MAX_BODY * 3 // 4) + b'"}'
    for _ in range(3):
        assert client.post("/echo", data=body, content_type="application/json").status_code == 200
        assert client.post("/echo", data=body, content_type="text/plain").status_code == 415
        assert client.post("/fail/bug", data=body, content_type="application/json").status_code == 500


def test_the_longest_body_is_taken_and_one_byte_more_is_not(client: FlaskClient) -> None:
    assert client.post("/echo", data=b"0" * MAX_BODY, content_type="application/json").status_code == 400
    answer = client.post("/echo", data=b"0" * (MAX_BODY + 1), content_type="application/json")
    assert f"at most {MAX_BODY} bytes" in assert_failure(answer, "image_too_large")


@pytest.mark.parametrize("megabytes", [10, 30])
@pytest.mark.parametrize("kind", ["json", "form", "multipart"])
def test_a_client_that_sends_too_much_sees_why(echo: Service, kind: str, megabytes: int) -> None:
    text = "x" * (megabytes << 20)
    body: dict[str, dict[str, str]] = {
        "json": {"json": {"img": text}},
        "form": {"data": {"img": text}},
        "multipart": {"files": {"file": text}},
    }[kind]
    assert_failure(requests.post(f"{echo.url}/echo", **body, timeout=60), "image_too_large")  # type: ignore[arg-type]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_client_that_reads_only_after_it_sent_everything_sees_why(
    subtests: pytest.Subtests, echo: Service, chunked: bool
) -> None:
    """Unlike requests, many clients give up when the other side closes while they are sending."""
    for path, media_type, megabytes, status, name in [
        ("/echo", "application/json", 20, 413, "image_too_large"),
        ("/echo", "application/json", 60, 413, "image_too_large"),
        ("/echo", "image/jpeg", 7, 415, "unsupported_media_type"),
        ("/nowhere", "application/json", 7, 404, "not_found"),
        ("/readyz", "application/json", 7, 405, "method_not_allowed"),
    ]:
        with subtests.test(path=path, media_type=media_type, megabytes=megabytes):
            body = b"x" * (megabytes << 20)
            pieces = (body[i : i + 65536] for i in range(0, len(body), 65536))
            with closing(http.client.HTTPConnection("127.0.0.1", echo.port, timeout=60)) as client:
                client.request(
                    "POST", path, pieces if chunked else body, {"Content-Type": media_type}, encode_chunked=chunked
                )
                answer = client.getresponse()
                assert (answer.status, json.loads(answer.read())["error"]) == (status, name)


def test_a_body_of_unannounced_length_is_read_like_any_other(echo: Service) -> None:
    pieces = iter([b'{"a": "', b"x" * (MAX_BODY - 9), b'"}'])
    answer = requests.post(f"{echo.url}/echo", data=pieces, headers={"Content-Type": "application/json"}, timeout=60)
    assert assert_success(answer) == {"a": "x" * (MAX_BODY - 9)}


@pytest.mark.parametrize("media_type", ["application/json", "application/x-www-form-urlencoded"])
def test_a_body_of_unannounced_length_that_is_too_long_is_refused_and_not_cut_off(
    echo: Service, media_type: str
) -> None:
    pieces = iter([b"a=" + b"x" * MAX_BODY])
    answer = requests.post(f"{echo.url}/echo", data=pieces, headers={"Content-Type": media_type}, timeout=60)
    assert_failure(answer, "image_too_large")


def test_a_connection_goes_on_after_a_refused_body(echo: Service) -> None:
    with requests.Session() as session:
        for _ in range(3):
            assert_failure(session.post(f"{echo.url}/echo", data=b"x" * (9 << 20), timeout=60), "image_too_large")
            assert_success(session.post(f"{echo.url}/echo", json={"a": 1}, timeout=60))


def test_while_bodies_are_coming_in_others_are_busy_and_later_they_are_not(echo: Service) -> None:
    """The first client announces nearly all that is allowed, sends half of it, and waits."""
    body = b'{"a": "' + b"x" * (MAX_BODY - 1000) + b'"}'
    with socket.create_connection(("127.0.0.1", echo.port)) as slow:
        slow.sendall(_HEAD + f"Content-Length: {len(body)}\r\n\r\n".encode() + body[:4_000_000])
        _wait_until_busy(echo, 7_000_000)
        assert_success(requests.post(f"{echo.url}/echo", json={"small": 1}, timeout=60))
        slow.sendall(body[4_000_000:])
        assert slow.recv(100).startswith(b"HTTP/1.1 200 OK")
    assert_success(requests.post(f"{echo.url}/echo", json={"a": "x" * 7_000_000}, timeout=60))


def test_a_body_of_unannounced_length_counts_as_the_longest(echo: Service) -> None:
    with socket.create_connection(("127.0.0.1", echo.port)) as slow:
        slow.sendall(_HEAD + b'Transfer-Encoding: chunked\r\n\r\n7\r\n{"a": 1\r\n')
        _wait_until_busy(echo, 100)
        slow.sendall(b"1\r\n}\r\n0\r\n\r\n")
        assert slow.recv(100).startswith(b"HTTP/1.1 200 OK")
    assert_success(requests.post(f"{echo.url}/echo", json={"a": "x" * 7_000_000}, timeout=60))


@pytest.mark.parametrize("length", [MAX_BODY, MAX_BODY + 1])
def test_a_client_that_stops_sending_is_answered_and_gives_its_place_back(echo: Service, length: int) -> None:
    with socket.create_connection(("127.0.0.1", echo.port), timeout=20) as stalled:
        stalled.sendall(_HEAD + f"Content-Length: {length}\r\n\r\n{{".encode())
        assert stalled.recv(100).startswith(b"HTTP/1.1 4")
        assert_success(requests.post(f"{echo.url}/echo", json={"a": "x" * 7_000_000}, timeout=60))


def test_a_client_that_goes_away_gives_its_place_back(echo: Service) -> None:
    with socket.create_connection(("127.0.0.1", echo.port)) as leaving:
        leaving.sendall(_HEAD + f"Content-Length: {MAX_BODY}\r\n\r\n{{".encode())
        _wait_until_busy(echo, 7_000_000)
    deadline = time.monotonic() + 20
    while requests.post(f"{echo.url}/echo", json={"a": "x" * 7_000_000}, timeout=60).status_code != 200:
        assert time.monotonic() < deadline


def _wait_until_busy(echo: Service, length: int) -> None:
    deadline = time.monotonic() + 20  # the slow request has to be taken up first
    while time.monotonic() < deadline:
        answer = requests.post(f"{echo.url}/echo", json={"a": "x" * length}, timeout=60)
        if answer.status_code != 200:
            assert_failure(answer, "busy")
            return
    raise AssertionError("two bodies that are too much together were taken at once")
