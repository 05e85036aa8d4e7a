"""How the page is looked at: language, width, light or dark."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Snapshot:
    """One way of looking at the page."""

    language: str
    width: int
    dark: bool = False

    @property
    def locale(self) -> str:
        """What the browser asks for."""
        return {"en": "en-GB", "zh": "zh-CN"}[self.language]

    @property
    def phone(self) -> bool:
        """Whether it is as wide as a phone."""
        return self.width < 700

    def __str__(self) -> str:
        return f"{self.language}-{self.width}{'-dark' if self.dark else ''}"


# Every test is done in both; how the page looks is tested the other way round as well.
VIEWS = [Snapshot("en", 1280), Snapshot("zh", 390, dark=True)]
MORE_VIEWS = [*VIEWS, Snapshot("zh", 1280, dark=True), Snapshot("en", 390)]
