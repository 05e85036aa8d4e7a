"""Finds a Chromium, Playwright's own or the system's, and fetches one where there is none."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright

from tests.debian import CannotInstall, install

_SYSTEM_BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
_FETCH_SECONDS = 600


class NoBrowser(RuntimeError):
    """There is no Chromium on this machine, and none can be had."""


@contextmanager
def launch(playwright: Playwright) -> Iterator[Browser]:
    """A running browser; raises NoBrowser."""
    path = _find(playwright) or _fetch(playwright)
    with playwright.chromium.launch(executable_path=path, args=["--no-sandbox"]) as browser:
        yield browser


def _find(playwright: Playwright) -> str | None:
    places = (playwright.chromium.executable_path, *_SYSTEM_BROWSERS)
    return next((path for path in places if Path(path).exists()), None)


def _fetch(playwright: Playwright) -> str:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    subprocess.run(command, capture_output=True, timeout=_FETCH_SECONDS, check=False)
    path = _find(playwright)
    if path is None:  # Playwright's own server may be out of reach where Debian's is not
        try:
            install(["chromium"])
        except CannotInstall as error:
            raise NoBrowser(f"there is no Chromium, Playwright cannot fetch its own, and {error}") from error
        path = _find(playwright)
    if path is None:
        raise NoBrowser("Debian's package chromium has no Chromium where it is looked for")
    return path
