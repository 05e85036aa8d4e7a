"""How the page is looked at: language, width, light or dark."""

from dataclasses import dataclass


@dataclass(frozen=True)
class View:
    """One way of looking at the page; the width is in pixels."""

    language: str
    width: int
    dark: bool = False

    @property
    def locale(self) -> str:
        """Return the locale that the browser asks for."""
        return {"en": "en-GB", "zh": "zh-CN"}[self.language]

    @property
    def phone(self) -> bool:
        """Return whether it is as narrow as a phone."""
        return self.width < 700

    def __str__(self) -> str:
        return f"{self.language}-{self.width}{'-dark' if self.dark else ''}"


WIDE = View("en", 1280)
PHONE = View("zh", 390, dark=True)
# What the page does is tested in one of these two, and in both where the width or the language decides.
VIEWS = [WIDE, PHONE]
# How the page looks is tested in each language at each width.
ALL_VIEWS = [*VIEWS, View("zh", 1280, dark=True), View("en", 390)]
