"""Runs ``python -m scripts.ingest`` as its users do, and reads what it says."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import requests

from search_api.stores import open_store
from search_api.stores.base import Record
from tests.paths import ROOT

_MAX_SECONDS = 180


@dataclass(frozen=True)
class Done:
    """How a run ended. ``counts`` are those of the summary that are not 0; empty without a summary."""

    code: int
    head: str
    counts: dict[str, int]
    errors: list[str]
    notices: list[str]  # that it waits for an extractor


@dataclass(frozen=True)
class Ingest:
    """The command with its usual arguments."""

    store: str
    extractor: str

    def command(self, folder: Path, *options: object) -> list[str]:
        usual = ["--store", self.store, "--extractor", self.extractor, "--quiet"]
        return [sys.executable, "-m", "scripts.ingest", str(folder), *usual, *map(str, options)]

    def run(self, folder: Path, *options: object, **settings: str) -> Done:
        """Run it to its end. Later options win, so they may replace the usual ones."""
        return finish(self.start(self.command(folder, *options), **settings))

    def start(self, command: Sequence[str], **settings: str) -> subprocess.Popen[str]:
        """Start it and let it run."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("SEARCH_")}
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env={**inherited, **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def records(self) -> dict[str, Record]:
        """Return the records of the store, by path."""
        store = open_store(self.store)
        records = {record.file_path: record for record in store.scan()}
        assert len(records) == store.count()
        store.close()
        return records

    def count(self) -> int:
        """Return how many records there are at the moment."""
        store = open_store(self.store)
        count = store.count()
        store.close()
        return count


def finish(process: subprocess.Popen[str]) -> Done:
    """Wait for the end of a run; kills it when it hangs."""
    with process:
        try:
            out, errors = process.communicate(timeout=_MAX_SECONDS)
        finally:
            process.kill()
    assert "Traceback" not in errors, errors
    head, *rows = out.splitlines() or [""]
    pairs = [row.rsplit(maxsplit=1) for row in rows if "seconds" not in row]
    counts = {name.strip(): int(number) for name, number in pairs if number != "0"}
    lines = errors.splitlines()
    notices = [line for line in lines if line.endswith("Waiting for it.")]
    return Done(process.returncode, head, counts, [line for line in lines if line not in notices], notices)


def embedded_images(extractor: str) -> int:
    """Return how many images the extractor at that address has embedded so far."""
    lines = requests.get(f"{extractor}/metrics", timeout=30).text.splitlines()
    return int(sum(float(line.rsplit(maxsplit=1)[1]) for line in lines if line.startswith("extractor_images_total")))
