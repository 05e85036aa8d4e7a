"""One reader's visit of the page, in a browser that watches what the page does."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, FilePayload, Locator, Page, Request, expect

from search_api.web.locales import read_messages
from tests.page.views import View

_DROP = """async ([selector, files]) => {
  const transfer = new DataTransfer();
  for (const { name, bytes } of files) transfer.items.add(new File([new Uint8Array(bytes)], name));
  const send = (target, kind) =>
    target.dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  send(document.body, "dragenter");
  const target = document.querySelector(selector);
  send(target, "dragover");
  if (SHALL_DROP) send(target, "drop");
}"""
_PASTE = """([name, bytes]) => {
  const clipboardData = new DataTransfer();
  clipboardData.items.add(new File([new Uint8Array(bytes)], name, { type: "image/jpeg" }));
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def upload(name: str, data: bytes, kind: str = "image/jpeg") -> FilePayload:
    """Return a file as a reader chooses it."""
    return FilePayload(name=name, mimeType=kind, buffer=data)


class Visit:
    """Use as a context manager: at its end the page must have kept to its own host and must have had no error.

    ``provoked`` are the HTTP statuses that a test brings about; the browser reports each on its console.
    """

    def __init__(self, browser: Browser, url: str, view: View, screenshots: Path) -> None:
        self.view = view
        self.provoked: set[int | str] = set()
        self._url = url
        self._messages = read_messages(view.language).by_key
        self._screenshots = screenshots
        self._complaints: list[str] = []
        self._foreign: list[str] = []
        self.asked: list[str] = []  # the paths of all requests
        self._context = browser.new_context(
            viewport={"width": view.width, "height": 844 if view.phone else 860},
            locale=view.locale,
            color_scheme="dark" if view.dark else "light",
            has_touch=view.phone,
            permissions=["clipboard-read", "clipboard-write"],
        )
        self.page: Page = self._context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self._complaints.append(str(error)))
        self.page.on("request", self._watch)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is not None and not self.page.is_closed():
                self.shot("failed")
        finally:
            self._context.close()
        if kind is None:
            assert self._complaints == [], self._complaints
            assert self._foreign == [], self._foreign

    def close(self) -> None:
        """End the visit before the test ends."""
        self._context.close()

    def open(self, query: str = "") -> Self:
        """Go to the page and wait for its images."""
        self.page.goto(f"{self._url}/{query}")
        return self.settle()

    def settle(self) -> Self:
        """Wait until what was asked for is there."""
        expect(self.page.locator("html:not(.waiting) #results")).to_be_visible()
        return self

    def text(self, key: str, /, **values: object) -> str:
        """Return a message of the page; a ``count`` chooses between one and many, as the page does."""
        many = self.view.language == "zh" or values.get("count") != 1
        found = self._messages.get(key) or self._messages[f"{key}.{'other' if many else 'one'}"]
        return re.sub(r"\{(\w+)\}", lambda match: _shown(values[match[1]]), found)

    def unfold(self, panel: str) -> Locator:
        """Return the panel ``options`` or ``collection-panel``, opened if it is folded."""
        found = self.page.locator(f"#{panel}")
        if found.get_attribute("open") is None:
            found.locator("> summary").click()
        return found

    def button(self, key: str, within: Locator | None = None, /, **values: object) -> Locator:
        """Return the button whose name is the message ``key``."""
        return (within or self.page.locator("body")).get_by_role("button", name=self.text(key, **values), exact=True)

    @property
    def tiles(self) -> Locator:
        """Return the results that are shown."""
        return self.page.locator(".tile:visible")

    def paths(self) -> list[str]:
        """Return the file paths of the results, in order."""
        return [str(image.get_attribute("alt")) for image in self.tiles.locator("a img").all()]

    def scores(self) -> list[float]:
        """Return the scores or distances of the results, in order."""
        return [float(text) for text in self.tiles.locator(".score").all_text_contents()]

    def search_by(self, file: FilePayload) -> Self:
        """Choose an image to search by."""
        self.page.set_input_files("#file", [file])
        return self.settle()

    def drag(self, files: Sequence[FilePayload], onto: str, *, drop: bool = True) -> None:
        """Drag ``files`` over the page and onto what the CSS selector ``onto`` matches."""
        sent = [{"name": file["name"], "bytes": list(file["buffer"])} for file in files]
        self.page.evaluate(_DROP.replace("SHALL_DROP", str(drop).lower()), [onto, sent])

    def paste(self, file: FilePayload) -> Self:
        """Paste an image from the clipboard."""
        self.page.evaluate(_PASTE, [file["name"], list(file["buffer"])])
        return self.settle()

    def slide(self, slider: str, value: float) -> None:
        """Move a slider and let go of it."""
        self.page.locator(f"#{slider}").fill(str(value))

    def shot(self, name: str) -> None:
        """Keep a screenshot, for people to look at."""
        self._screenshots.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self._screenshots / f"{name}-{self.view}.png")

    def _hear(self, message: ConsoleMessage) -> None:
        expected = any(f"{status}" in message.text for status in self.provoked)
        if message.type in ("error", "warning") and not expected:
            self._complaints.append(f"{message.text} ({message.location.get('url')})")

    def _watch(self, request: Request) -> None:
        parts = urlsplit(request.url)
        self.asked.append(parts.path)
        if parts.scheme not in ("blob", "data") and parts.netloc != urlsplit(self._url).netloc:
            self._foreign.append(request.url)


def _shown(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
