"""``python -m benchmarks.round_trip``: images go in and out, and every count is right."""

import subprocess

from tests.running import run


def round_trip(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run("benchmarks.round_trip", *arguments)


def test_every_image_finds_itself_and_every_count_is_right() -> None:
    done = round_trip("embedded", "--count", "40")
    assert (done.returncode, done.stderr) == (0, "")
    row = done.stdout.splitlines()[-1].split()
    assert row[:10] == ["embedded", "40", "7", "of", "7", "40", "4", "of", "4", row[9]]


def test_an_unknown_engine_is_refused() -> None:
    done = round_trip("faiss")
    assert done.returncode == 2
    assert "there is no engine faiss" in done.stderr
