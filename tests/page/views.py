"""How the page is looked at: language, width, light or dark."""

from dataclasses import dataclass


@dataclass(frozen=True)
class View:
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


# Every test is done in both of the first; what all looks have in common is tested in all of them.
VIEWS = [View("en", 1280), View("zh", 390, dark=True)]
ALL_VIEWS = [View(language, width, dark) for language in ("en", "zh") for width in (1280, 390) for dark in (False, True)]
