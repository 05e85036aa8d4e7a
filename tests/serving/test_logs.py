"""Log lines on stderr, as a process writes them."""

import json
import subprocess
import sys

import pytest

from tests.paths import ROOT

# Sends an image, a key and a vector through a service, provokes a bug and a warning, and logs something of its own.
_PROGRAM = """
import logging, sys, warnings
from serving.logs import configure_logs
from tests.serving.echo_service import create_echo
configure_logs(sys.argv[1])
client = create_echo().test_client()
headers = {"X-Request-ID": "r-1", "Authorization": "Bearer SECRET-KEY"}
client.post("/echo?api_key=SECRET-KEY", json={"img": "SECRETIMAGE", "vector": [0.12345]}, headers=headers)
client.post("/fail/bug", headers={"X-Request-ID": "r-2"})
warnings.warn("something is odd")
logging.getLogger("own").info("a line of its own, 鞋")
print("only this is on stdout")
"""


@pytest.fixture(scope="module", params=["plain", "json"])
def lines(request: pytest.FixtureRequest) -> tuple[str, list[str]]:
    """The format and the lines that the program leaves on stderr."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, request.param], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "only this is on stdout\n"
    return request.param, done.stderr.splitlines()


def test_nothing_that_was_sent_is_in_the_log(lines: tuple[str, list[str]]) -> None:
    text = "\n".join(lines[1])
    assert not any(secret in text for secret in ("SECRET", "0.12345", "api_key"))


def test_each_request_leaves_one_line_with_its_id(lines: tuple[str, list[str]]) -> None:
    assert len([line for line in lines[1] if "r-1" in line and "/echo" in line and "200" in line]) == 1
    assert len([line for line in lines[1] if "r-2" in line and "/fail/bug" in line and "500" in line]) == 1


def test_a_bug_leaves_its_trace_with_the_request_id(lines: tuple[str, list[str]]) -> None:
    (line,) = [line for line in lines[1] if "internal error" in line]
    assert "r-2" in line
    assert "Traceback" in "\n".join(lines[1])


def test_warnings_go_the_same_way(lines: tuple[str, list[str]]) -> None:
    assert any("something is odd" in line for line in lines[1])


def test_json_lines_are_json_one_by_one(lines: tuple[str, list[str]]) -> None:
    log_format, written = lines
    if log_format == "plain":
        assert any(line.endswith("INFO - a line of its own, 鞋") for line in written)
        return
    records = [json.loads(line) for line in written]
    assert all({"time", "level"} <= set(record) for record in records)
    (request,) = [record for record in records if record.get("path") == "/echo"]
    assert (request["request_id"], request["method"], request["status"]) == ("r-1", "POST", 200)
    assert any(record.get("message") == "a line of its own, 鞋" for record in records)
    assert any("Traceback" in record.get("exception", "") for record in records)
