"""The page's texts: one JSON file a language, used by the shell and by the modules in the browser."""

import json
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Texts:
    """The texts of one language by key; a key that ends in ``.one`` or ``.other`` has a text for one or for many."""

    language: str
    by_key: dict[str, str]

    def __call__(self, key: str, count: int | None = None) -> str:
        """The text of ``key``, with ``count`` put in."""
        if count is None:
            return self.by_key[key]
        text = self.by_key[f"{key}.one" if count == 1 else f"{key}.other"]
        return text.replace("{count}", f"{count:,}")


def read_texts(language: str) -> Texts:
    """Read the catalog of ``language``."""
    path = Path(__file__).with_name(f"{language}.json")
    return Texts(language, json.loads(path.read_text(encoding="utf-8")))
