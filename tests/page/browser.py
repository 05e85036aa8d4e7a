"""Finds a Chromium: Playwright's own, or the system's."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Playwright

_SYSTEM_BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


class NoBrowser(RuntimeError):
    """There is no Chromium on this machine."""


@contextmanager
def launch(playwright: Playwright) -> Iterator[Browser]:
    """A running browser; raises NoBrowser."""
    for path in (playwright.chromium.executable_path, *_SYSTEM_BROWSERS):
        if Path(path).exists():
            with playwright.chromium.launch(executable_path=path, args=["--no-sandbox"]) as browser:
                yield browser
            return
    raise NoBrowser("there is no Chromium: run `playwright install chromium`, or install your system's")
